namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(long scalar, Device? device = null, bool requires_grad = false) =>
        FromElements<long>([scalar], [], ScalarType.Int64, null, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromElements<long>([scalar], [], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<long>(rawArray, [rawArray.LongLength], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(long[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<long>(rawArray, dimensions, ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(IList<long> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<long>([.. rawArray], [rawArray.Count], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(IList<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<long>([.. rawArray], dimensions, ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(IList<long> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<long>([.. rawArray], [rows, columns], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(IList<long> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<long>([.. rawArray], [dim0, dim1, dim2], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(IList<long> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<long>([.. rawArray], [dim0, dim1, dim2, dim3], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(long[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(long[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(long[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(Memory<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<long>(rawArray.Span, dimensions, ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor as_tensor(long[] data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);

    public static Tensor as_tensor(IList<long> data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);
}
