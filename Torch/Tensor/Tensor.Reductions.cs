using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Boxed.Call("aten::sum", this, type);

        /// <summary>A guard: TorchSharp, which lacks this overload, takes sum(0) for sum(ScalarType.Byte).</summary>
        [Obsolete("sum(0) means sum(ScalarType.Byte) in TorchSharp: write sum(dim: 0).", error: true)]
        public Tensor sum(int dimension) => throw new NotSupportedException();

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Boxed.Call("aten::sum.dim_IntList", this, dim, keepdim, type);

        public Tensor nansum() => Boxed.Call("aten::nansum", this);

        public Tensor mean() => Boxed.Call("aten::mean", this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Boxed.Call("aten::mean.dim", this, dimensions, keepdim, type);

        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) =>
            Boxed.Call("aten::nanmean", this, dim is { } d ? new long[] { d } : [], keepdim, dtype);

        public Tensor std(bool unbiased = true) => Boxed.Call("aten::std", this, unbiased);

        public Tensor std(long dimension, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dimension], unbiased, keepdim, type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Boxed.Call("aten::std.dim", this, dimensions, unbiased, keepdim), type);

        public Tensor var(bool unbiased = true) => Boxed.Call("aten::var", this, unbiased);

        public Tensor var(long dimension, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dimension], unbiased, keepdim, type);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Boxed.Call("aten::var.dim", this, dimensions, unbiased, keepdim), type);

        public (Tensor std, Tensor mean) std_mean(bool unbiased = true) => Boxed.Call2("aten::std_mean", this, unbiased);

        public (Tensor var, Tensor mean) var_mean(bool unbiased = true) => Boxed.Call2("aten::var_mean", this, unbiased);

        public Tensor prod(ScalarType? type = null) => Boxed.Call("aten::prod", this, type);

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Boxed.Call("aten::prod.dim_int", this, dim, keepdim, type);

        public Tensor max() => Boxed.Call("aten::max", this);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Boxed.Call2("aten::max.dim", this, dim, keepdim);

        public Tensor min() => Boxed.Call("aten::min", this);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Boxed.Call2("aten::min.dim", this, dim, keepdim);

        public Tensor amax(params long[] dims) => Boxed.Call("aten::amax", this, dims);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => Stored(Boxed.Call("aten::amax", this, dims, keepdim), @out);

        public Tensor amin(params long[] dims) => Boxed.Call("aten::amin", this, dims);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => Stored(Boxed.Call("aten::amin", this, dims, keepdim), @out);

        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) => Boxed.Call2("aten::aminmax", this, dim, keepdim);

        public Tensor argmax() => Boxed.Call("aten::argmax", this);

        public Tensor argmax(long dim, bool keepdim = false) => Boxed.Call("aten::argmax", this, dim, keepdim);

        public Tensor argmin() => Boxed.Call("aten::argmin", this);

        public Tensor argmin(long dim, bool keepdim = false) => Boxed.Call("aten::argmin", this, dim, keepdim);

        public Tensor all() => Boxed.Call("aten::all", this);

        public Tensor all(long dim, bool keepdim = false) => Boxed.Call("aten::all.dim", this, dim, keepdim);

        public Tensor any() => Boxed.Call("aten::any", this);

        public Tensor any(long dim, bool keepdim = false) => Boxed.Call("aten::any.dim", this, dim, keepdim);

        public Tensor norm(float p = 2.0f) => Boxed.Call("aten::norm.Scalar", this, p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Boxed.Call("aten::norm.ScalarOpt_dim", this, p, new long[] { dim }, keepdim);

        public Tensor dist(Tensor other, float p = 2.0f) => Boxed.Call("aten::dist", this, other, p);

        public Tensor logsumexp(long dim, bool keepdim = false) => Boxed.Call("aten::logsumexp", this, new[] { dim }, keepdim);

        public Tensor median() => Boxed.Call("aten::median", this);

        public Tensor nanmedian() => Boxed.Call("aten::nanmedian", this);

        public (Tensor values, Tensor indices) mode(long dim = -1L, bool keepdim = false) => Boxed.Call2("aten::mode", this, dim, keepdim);

        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Boxed.Call("aten::quantile", this, q, dim, keepdim);

        public Tensor count_nonzero(params long[]? dims) =>
            dims is null or { Length: 0 } ? Boxed.Call("aten::count_nonzero", this) : Boxed.Call("aten::count_nonzero.dim_IntList", this, dims);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Boxed.Call("aten::softmax.int", this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Boxed.Call("aten::log_softmax.int", this, dim, dtype);

        private static Tensor Typed(Tensor result, ScalarType? type) => type is { } wanted ? result.to(wanted) : result;

        private static Tensor Stored(Tensor result, Tensor? target) => target is null ? result : target.copy_(result);
    }
}
