using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Parts of a tensor, by position, by index or by mask.</summary>
    public partial class Tensor
    {
        public Tensor select(long dim, long index) => Boxed.Call("aten::select.int", this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => Boxed.Call("aten::slice.Tensor", this, dim, start, finish, step);

        public Tensor narrow(long dim, long start, long length) => Boxed.Call("aten::narrow", this, dim, start, length);

        public Tensor[] split(long size, int dim = 0) => Boxed.CallList("aten::split.Tensor", this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0L) => Boxed.CallList("aten::split_with_sizes", this, sizes, dim);

        public Tensor[] tensor_split(long size, long dim = 0L) => Boxed.CallList("aten::tensor_split.sections", this, size, dim);

        public Tensor[] chunk(long chunks, long dim = 0L) => Boxed.CallList("aten::chunk", this, chunks, dim);

        public Tensor[] unbind(int dimension = 0) => Boxed.CallList("aten::unbind.int", this, dimension);

        public Tensor index_select(long dim, Tensor index) => Boxed.Call("aten::index_select", this, dim, index);

        public Tensor index(params Tensor[] indices) => Boxed.Call("aten::index.Tensor", this, indices);

        public Tensor index_put_(Tensor value, params Tensor[] indices) =>
            Boxed.InPlace("aten::index_put_", this, indices, value, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate) =>
            Boxed.InPlace("aten::index_put_", this, indices, value, accumulate);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Boxed.Call("aten::index_add", this, dim, index, source, alpha);

        public Tensor index_copy(long dim, Tensor index, Tensor source) => Boxed.Call("aten::index_copy", this, dim, index, source);

        public Tensor index_fill(long dim, Tensor index, Scalar value) => Boxed.Call("aten::index_fill.int_Scalar", this, dim, index, value);

        public Tensor gather(long dim, Tensor index) => Boxed.Call("aten::gather", this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Boxed.Call("aten::scatter.src", this, dim, index, src);

        public Tensor scatter(long dim, Tensor index, Scalar value) => Boxed.Call("aten::scatter.value", this, dim, index, value);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Boxed.Call("aten::scatter_add", this, dim, index, src);

        public Tensor take(Tensor index) => Boxed.Call("aten::take", this, index);

        public Tensor take_along_dim(Tensor indices, long? dim = null) => Boxed.Call("aten::take_along_dim", this, indices, dim);

        public Tensor masked_fill(Tensor mask, Scalar value) => Boxed.Call("aten::masked_fill.Scalar", this, mask, value);

        public Tensor masked_fill(Tensor mask, Tensor value) => Boxed.Call("aten::masked_fill.Tensor", this, mask, value);

        public Tensor masked_select(Tensor mask) => Boxed.Call("aten::masked_select", this, mask);

        public Tensor masked_scatter(Tensor mask, Tensor value) => Boxed.Call("aten::masked_scatter", this, mask, value);

        /// <summary>The positions of the non-zero elements, [count, dim].</summary>
        public Tensor nonzero() => Boxed.Call("aten::nonzero", this);

        public IList<Tensor> nonzero_as_list() => Boxed.CallList("aten::nonzero_numpy", this);

        public Tensor argwhere() => Boxed.Call("aten::argwhere", this);

        /// <summary>This where the condition holds, <paramref name="y"/> elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Boxed.Call("aten::where.self", condition, this, y);
    }
}
