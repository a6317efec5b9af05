namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        FromElements<float>([scalar], [], ScalarType.Float32, null, device, requires_grad);

    public static Tensor tensor(float scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromElements<float>([scalar], [], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<float>(rawArray, [rawArray.LongLength], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<float>(rawArray, dimensions, ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(IList<float> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<float>([.. rawArray], [rawArray.Count], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(IList<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<float>([.. rawArray], dimensions, ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(IList<float> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<float>([.. rawArray], [rows, columns], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(IList<float> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<float>([.. rawArray], [dim0, dim1, dim2], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(IList<float> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<float>([.. rawArray], [dim0, dim1, dim2, dim3], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(float[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(float[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(float[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(Memory<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<float>(rawArray.Span, dimensions, ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor as_tensor(float[] data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);

    public static Tensor as_tensor(IList<float> data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);
}
