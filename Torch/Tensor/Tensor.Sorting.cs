using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Order, running totals and counts.</summary>
    public partial class Tensor
    {
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Boxed.Call2("aten::sort.stable", this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Boxed.Call("aten::argsort", this, dim, descending);

        public Tensor msort() => Boxed.Call("aten::msort", this);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Boxed.Call2("aten::topk", this, k, dim, largest, sorted);

        public (Tensor values, Tensor indexes) kthvalue(long k, long? dim = null, bool keepdim = false) =>
            Boxed.Call2("aten::kthvalue", this, k, dim ?? -1, keepdim);

        public Tensor cumsum(long dim, ScalarType? type = null) => Boxed.Call("aten::cumsum", this, dim, type);

        public Tensor cumprod(long dim, ScalarType? type = null) => Boxed.Call("aten::cumprod", this, dim, type);

        public (Tensor values, Tensor indexes) cummax(long dim) => Boxed.Call2("aten::cummax", this, dim);

        public (Tensor values, Tensor indexes) cummin(long dim) => Boxed.Call2("aten::cummin", this, dim);

        public Tensor logcumsumexp(long dim) => Boxed.Call("aten::logcumsumexp", this, dim);

        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) =>
            Boxed.Call("aten::diff", this, n, dim, prepend, append);

        /// <summary>The distinct elements; where asked for, for each element its place among them, and how often each occurs.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = dim is { } d
                ? Boxed.Call3("aten::unique_dim", this, d, sorted, return_inverse, return_counts)
                : Boxed.Call3("aten::_unique2", this, sorted, return_inverse, return_counts);
            return (output, Kept(inverse, return_inverse), Kept(counts, return_counts));
        }

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = Boxed.Call3("aten::unique_consecutive", this, return_inverse, return_counts, dim);
            return (output, Kept(inverse, return_inverse), Kept(counts, return_counts));
        }

        /// <summary>How often each of 0, 1, 2, ... occurs, or the sum of its weights.</summary>
        public Tensor bincount(Tensor? weights = null, long minlength = 0) => Boxed.Call("aten::bincount", this, weights, minlength);

        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Boxed.Call("aten::histc", this, bins, min, max);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            Boxed.Call("aten::bucketize.Tensor", this, boundaries, outInt32, right);

        private static Tensor? Kept(Tensor? tensor, bool wanted)
        {
            if (wanted) return tensor;
            tensor?.Dispose();
            return null;
        }
    }
}
