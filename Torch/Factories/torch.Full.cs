using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>All overloads: every element is <paramref name="value"/>; the element type follows it unless told.</summary>
    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::full", size, value, dtype ?? FullDtype(value), Arg.None, Place(device)), requires_grad);

    public static Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(size.ToArray(), value, dtype, device, requires_grad);

    public static Tensor full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(new long[] { size }, value, dtype, device, requires_grad);

    public static Tensor full(long rows, long columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(new long[] { rows, columns }, value, dtype, device, requires_grad);

    public static Tensor full(long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(new long[] { dim0, dim1, dim2 }, value, dtype, device, requires_grad);

    public static Tensor full(long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(new long[] { dim0, dim1, dim2, dim3 }, value, dtype, device, requires_grad);

    public static Tensor full(int[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(Array.ConvertAll(size, length => (long)length), value, dtype, device, requires_grad);

    public static Tensor full(int size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(new long[] { size }, value, dtype, device, requires_grad);

    public static Tensor full(int rows, int columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(new long[] { rows, columns }, value, dtype, device, requires_grad);

    public static Tensor full(int dim0, int dim1, int dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(new long[] { dim0, dim1, dim2 }, value, dtype, device, requires_grad);

    public static Tensor full(int dim0, int dim1, int dim2, int dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(new long[] { dim0, dim1, dim2, dim3 }, value, dtype, device, requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::full_like", input, value, dtype, Arg.None, device), requires_grad);

    private static ScalarType FullDtype(Scalar value) => value.Type == ScalarType.Float64 ? get_default_dtype() : value.Type;
}
