using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>All overloads: a tensor of the given shape; float32 unless told.</summary>
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::zeros", size, Dtype(dtype), Arg.None, Place(device)), requires_grad);

    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(size.ToArray(), dtype, device, requires_grad);

    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(new long[] { size }, dtype, device, requires_grad);

    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(new long[] { rows, columns }, dtype, device, requires_grad);

    public static Tensor zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad);

    public static Tensor zeros(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad);

    public static Tensor zeros(int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(Array.ConvertAll(size, length => (long)length), dtype, device, requires_grad);

    public static Tensor zeros(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(new long[] { size }, dtype, device, requires_grad);

    public static Tensor zeros(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(new long[] { rows, columns }, dtype, device, requires_grad);

    public static Tensor zeros(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad);

    public static Tensor zeros(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::zeros_like", input, dtype, Arg.None, device), requires_grad);
}
