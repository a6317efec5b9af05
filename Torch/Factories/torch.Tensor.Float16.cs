namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(Half scalar, Device? device = null, bool requires_grad = false) =>
        FromElements<Half>([scalar], [], ScalarType.Float16, null, device, requires_grad);

    public static Tensor tensor(Half scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromElements<Half>([scalar], [], ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(Half[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<Half>(rawArray, [rawArray.LongLength], ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(Half[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<Half>(rawArray, dimensions, ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(IList<Half> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<Half>([.. rawArray], [rawArray.Count], ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(IList<Half> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<Half>([.. rawArray], dimensions, ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(IList<Half> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<Half>([.. rawArray], [rows, columns], ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(IList<Half> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<Half>([.. rawArray], [dim0, dim1, dim2], ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(IList<Half> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<Half>([.. rawArray], [dim0, dim1, dim2, dim3], ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(Half[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(Half[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(Half[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(Memory<Half> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<Half>(rawArray.Span, dimensions, ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor as_tensor(Half[] data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);

    public static Tensor as_tensor(IList<Half> data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);
}
