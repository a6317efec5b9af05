using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>All overloads: a tensor of the given shape whose elements are whatever the memory held; float32 unless told.</summary>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::empty.memory_format", size, Dtype(dtype), Arg.None, Place(device)), requires_grad);

    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(size.ToArray(), dtype, device, requires_grad);

    public static Tensor empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(new long[] { size }, dtype, device, requires_grad);

    public static Tensor empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(new long[] { rows, columns }, dtype, device, requires_grad);

    public static Tensor empty(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad);

    public static Tensor empty(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad);

    public static Tensor empty(int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(Array.ConvertAll(size, length => (long)length), dtype, device, requires_grad);

    public static Tensor empty(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(new long[] { size }, dtype, device, requires_grad);

    public static Tensor empty(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(new long[] { rows, columns }, dtype, device, requires_grad);

    public static Tensor empty(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad);

    public static Tensor empty(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::empty_like", input, dtype, Arg.None, device), requires_grad);
}
