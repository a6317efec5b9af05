using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The same elements in another shape, order or memory.</summary>
    public partial class Tensor
    {
        public Tensor reshape(params long[] shape) => Boxed.Call("aten::reshape", this, shape);

        /// <summary>Like reshape, but never copies: the strides must allow it.</summary>
        public Tensor view(params long[] shape) => Boxed.Call("aten::view", this, shape);

        public Tensor view_as(Tensor other) => Boxed.Call("aten::view_as", this, other);

        public Tensor reshape_as(Tensor other) => Boxed.Call("aten::reshape_as", this, other);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Boxed.Call("aten::flatten.using_ints", this, start_dim, end_dim);

        public Tensor unflatten(long dim, params long[] sizes)
        {
            var old = shape;
            var at = (int)(dim < 0 ? dim + old.Length : dim);
            return view([.. old[..at], .. sizes, .. old[(at + 1)..]]);
        }

        public Tensor ravel() => Boxed.Call("aten::ravel", this);

        public Tensor permute(params long[] permutation) => Boxed.Call("aten::permute", this, permutation);

        public Tensor transpose(long dim0, long dim1) => Boxed.Call("aten::transpose.int", this, dim0, dim1);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor movedim(long[] source, long[] destination) => Boxed.Call("aten::movedim.intlist", this, source, destination);

        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

        public Tensor t() => Boxed.Call("aten::t", this);

        /// <summary>All dimensions reversed.</summary>
        public Tensor T => Boxed.Call("aten::numpy_T", this);

        /// <summary>The last two dimensions exchanged.</summary>
        public Tensor mT => Boxed.Call("aten::mT", this);

        public Tensor H => Boxed.Call("aten::matrix_H", this);

        public Tensor mH => Boxed.Call("aten::mH", this);

        public Tensor squeeze() => Boxed.Call("aten::squeeze", this);

        public Tensor squeeze(long dim) => Boxed.Call("aten::squeeze.dim", this, dim);

        public Tensor unsqueeze(long dim) => Boxed.Call("aten::unsqueeze", this, dim);

        public Tensor expand(params long[] sizes) => Boxed.Call("aten::expand", this, sizes);

        public Tensor expand_as(Tensor other) => Boxed.Call("aten::expand_as", this, other);

        public Tensor broadcast_to(params long[] shape) => Boxed.Call("aten::broadcast_to", this, shape);

        public Tensor repeat(params long[] sizes) => Boxed.Call("aten::repeat", this, sizes);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Boxed.Call("aten::repeat_interleave.self_Tensor", this, repeats, dim, output_size);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Boxed.Call("aten::repeat_interleave.self_int", this, repeats, dim, output_size);

        public Tensor tile(params long[] reps) => Boxed.Call("aten::tile", this, reps);

        public Tensor roll(long shifts, long? dims = null) =>
            Boxed.Call("aten::roll", this, new[] { shifts }, dims is { } dim ? [dim] : Array.Empty<long>());

        public Tensor roll(long[] shifts, long[]? dims = null) => Boxed.Call("aten::roll", this, shifts, dims ?? []);

        public Tensor roll((long, long) shifts, (long, long) dims) =>
            roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);

        public Tensor flip(params long[] dims) => Boxed.Call("aten::flip", this, dims);

        public Tensor fliplr() => Boxed.Call("aten::fliplr", this);

        public Tensor flipud() => Boxed.Call("aten::flipud", this);

        public Tensor rot90(long k = 1, (long, long)? dims = null) =>
            Boxed.Call("aten::rot90", this, k, dims is { } d ? new[] { d.Item1, d.Item2 } : [0, 1]);

        public Tensor contiguous() => Boxed.Call("aten::contiguous", this);

        public Tensor clone() => Boxed.Call("aten::clone", this);

        public Tensor detach() => Boxed.Call("aten::detach", this);

        /// <summary>Another object for the same tensor.</summary>
        public Tensor alias()
        {
            var other = new Tensor(Native.CheckHandle(Native.dashboard_tensor_alias(Handle)));
            GC.KeepAlive(this);
            return other;
        }

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L) =>
            Boxed.Call("aten::as_strided", this, size, strides, storageOffset);

        public Tensor diagonal(long offset = 0L, long dim1 = 0L, long dim2 = 1L) => Boxed.Call("aten::diagonal", this, offset, dim1, dim2);

        public Tensor diag(long diagonal = 0) => Boxed.Call("aten::diag", this, diagonal);

        public Tensor tril(long diagonal = 0L) => Boxed.Call("aten::tril", this, diagonal);

        public Tensor triu(long diagonal = 0L) => Boxed.Call("aten::triu", this, diagonal);

        /// <summary>Sliding windows of <paramref name="size"/> along a dimension, as a new last dimension.</summary>
        public Tensor unfold(long dimension, long size, long step) => Boxed.Call("aten::unfold", this, dimension, size, step);
    }
}
