namespace TorchSharp;

public static partial class torch
{
    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);

    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);

    public static Tensor dot(Tensor input, Tensor target) => input.dot(target);

    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);

    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => input.addmm(mat1, mat2, beta, alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.baddbmm(batch1, batch2, beta, alpha);

    public static Tensor inverse(Tensor input) => input.inverse();

    public static Tensor trace(Tensor input) => input.trace();

    public static Tensor cov(Tensor input, long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => input.cov(correction, fweights, aweights);
}
