using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Boxed.Call("aten::matmul", this, target);

        public Tensor mm(Tensor target) => Boxed.Call("aten::mm", this, target);

        public Tensor bmm(Tensor batch2) => Boxed.Call("aten::bmm", this, batch2);

        public Tensor mv(Tensor target) => Boxed.Call("aten::mv", this, target);

        public Tensor dot(Tensor target) => Boxed.Call("aten::dot", this, target);

        public Tensor vdot(Tensor target) => Boxed.Call("aten::vdot", this, target);

        public Tensor inner(Tensor vec2) => Boxed.Call("aten::inner", this, vec2);

        public Tensor outer(Tensor vec2) => Boxed.Call("aten::outer", this, vec2);

        public Tensor ger(Tensor vec2) => outer(vec2);

        /// <summary>beta * this + alpha * mat1 mat2.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Boxed.Call("aten::addmm", this, mat1, mat2, beta, alpha);

        public Tensor addmv(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Boxed.Call("aten::addmv", this, vec1, vec2, beta, alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Boxed.Call("aten::baddbmm", this, batch1, batch2, beta, alpha);

        public Tensor cross(Tensor other, long dim) => Boxed.Call("aten::linalg_cross", this, other, dim);

        public Tensor inverse() => Boxed.Call("aten::inverse", this);

        public Tensor det() => Boxed.Call("aten::det", this);

        public Tensor matrix_power(long n) => Boxed.Call("aten::matrix_power", this, n);

        public Tensor trace() => Boxed.Call("aten::trace", this);

        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => Boxed.Call("aten::cov", this, correction, fweights, aweights);

        public Tensor cdist(Tensor x2, double p = 2.0) => torch.cdist(this, x2, p);

        public Tensor renorm(float p, long dim, float maxnorm) => Boxed.Call("aten::renorm", this, p, dim, maxnorm);
    }

    /// <summary>Distances between all pairs of rows, [..., P, R].</summary>
    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2.0) => Boxed.Call("aten::cdist", x1, x2, p);

    /// <summary>The sum over the indices that the equation leaves out on its right-hand side.</summary>
    public static Tensor einsum(string equation, params Tensor[] tensors) => Boxed.Call("aten::einsum", equation, tensors);

    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => Boxed.Call("aten::tensordot", a, b, dims1, dims2);

    public static partial class linalg
    {
        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) => Boxed.Call("aten::linalg_norm.ord_str", input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) => Boxed.Call("aten::linalg_norm", input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => Boxed.Call("aten::linalg_norm", input, Arg.None, dims, keepdim);

        public static Tensor vector_norm(Tensor input, double ord = 2d, long[]? dims = null, bool keepdim = false) =>
            Boxed.Call("aten::linalg_vector_norm", input, ord, dims, keepdim);

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) => Boxed.Call3("aten::linalg_svd", input, fullMatrices);

        public static (Tensor Q, Tensor R) qr(Tensor input) => Boxed.Call2("aten::linalg_qr", input);

        public static Tensor inv(Tensor input) => Boxed.Call("aten::linalg_inv", input);

        public static Tensor det(Tensor input) => Boxed.Call("aten::linalg_det", input);

        public static Tensor solve(Tensor A, Tensor B) => Boxed.Call("aten::linalg_solve", A, B);

        public static Tensor cholesky(Tensor input) => Boxed.Call("aten::linalg_cholesky", input);

        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Boxed.Call2("aten::linalg_eigh", input, UPLO.ToString());
    }
}
