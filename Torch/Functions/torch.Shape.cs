namespace TorchSharp;

public static partial class torch
{
    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);

    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);

    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);

    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    public static Tensor t(Tensor input) => input.t();

    public static Tensor squeeze(Tensor input) => input.squeeze();

    public static Tensor squeeze(Tensor input, long dim) => input.squeeze(dim);

    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);

    public static Tensor tile(Tensor input, long[] reps) => input.tile(reps);

    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, long[] shifts, long[]? dims = null) => input.roll(shifts, dims);

    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);

    public static Tensor clone(Tensor input) => input.clone();

    public static Tensor diagonal(Tensor input, long offset = 0L, long dim1 = 0L, long dim2 = 1L) => input.diagonal(offset, dim1, dim2);

    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);

    public static Tensor tril(Tensor input, long diagonal = 0L) => input.tril(diagonal);

    public static Tensor triu(Tensor input, long diagonal = 0L) => input.triu(diagonal);

    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    public static Tensor[] unbind(Tensor input, int dimension = 0) => input.unbind(dimension);

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);

    public static Tensor scatter(Tensor input, long dim, Tensor index, Scalar value) => input.scatter(dim, index, value);

    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add(dim, index, src);

    public static Tensor take(Tensor input, Tensor index) => input.take(index);

    public static Tensor take_along_dim(Tensor input, Tensor indices, long? dim = null) => input.take_along_dim(indices, dim);

    public static Tensor masked_fill(Tensor input, Tensor mask, Scalar value) => input.masked_fill(mask, value);

    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    public static Tensor nonzero(Tensor input) => input.nonzero();

    public static Tensor argwhere(Tensor input) => input.argwhere();

    public static Tensor repeat_interleave(Tensor input, Tensor repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor movedim(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);

    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);
}
