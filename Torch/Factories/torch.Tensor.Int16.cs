namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) =>
        FromElements<short>([scalar], [], ScalarType.Int16, null, device, requires_grad);

    public static Tensor tensor(short scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromElements<short>([scalar], [], ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(short[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<short>(rawArray, [rawArray.LongLength], ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(short[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<short>(rawArray, dimensions, ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(IList<short> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<short>([.. rawArray], [rawArray.Count], ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(IList<short> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<short>([.. rawArray], dimensions, ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(IList<short> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<short>([.. rawArray], [rows, columns], ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(IList<short> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<short>([.. rawArray], [dim0, dim1, dim2], ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(IList<short> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<short>([.. rawArray], [dim0, dim1, dim2, dim3], ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(short[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(short[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(short[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(Memory<short> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<short>(rawArray.Span, dimensions, ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor as_tensor(short[] data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);

    public static Tensor as_tensor(IList<short> data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);
}
