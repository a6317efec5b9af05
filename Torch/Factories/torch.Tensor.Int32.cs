namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) =>
        FromElements<int>([scalar], [], ScalarType.Int32, null, device, requires_grad);

    public static Tensor tensor(int scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromElements<int>([scalar], [], ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<int>(rawArray, [rawArray.LongLength], ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<int>(rawArray, dimensions, ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(IList<int> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<int>([.. rawArray], [rawArray.Count], ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(IList<int> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<int>([.. rawArray], dimensions, ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(IList<int> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<int>([.. rawArray], [rows, columns], ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(IList<int> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<int>([.. rawArray], [dim0, dim1, dim2], ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(IList<int> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<int>([.. rawArray], [dim0, dim1, dim2, dim3], ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(int[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(int[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(int[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(Memory<int> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<int>(rawArray.Span, dimensions, ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor as_tensor(int[] data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);

    public static Tensor as_tensor(IList<int> data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);
}
