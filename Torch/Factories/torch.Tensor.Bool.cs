namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(bool scalar, Device? device = null, bool requires_grad = false) =>
        FromElements<bool>([scalar], [], ScalarType.Bool, null, device, requires_grad);

    public static Tensor tensor(bool scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromElements<bool>([scalar], [], ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<bool>(rawArray, [rawArray.LongLength], ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<bool>(rawArray, dimensions, ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(IList<bool> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<bool>([.. rawArray], [rawArray.Count], ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(IList<bool> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<bool>([.. rawArray], dimensions, ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(IList<bool> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<bool>([.. rawArray], [rows, columns], ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(IList<bool> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<bool>([.. rawArray], [dim0, dim1, dim2], ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(IList<bool> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<bool>([.. rawArray], [dim0, dim1, dim2, dim3], ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(bool[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(bool[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(bool[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(Memory<bool> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<bool>(rawArray.Span, dimensions, ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor as_tensor(bool[] data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);

    public static Tensor as_tensor(IList<bool> data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);
}
