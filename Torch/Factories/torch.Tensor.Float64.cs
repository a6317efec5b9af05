namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(double scalar, Device? device = null, bool requires_grad = false) =>
        FromElements<double>([scalar], [], ScalarType.Float64, null, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromElements<double>([scalar], [], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<double>(rawArray, [rawArray.LongLength], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<double>(rawArray, dimensions, ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(IList<double> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<double>([.. rawArray], [rawArray.Count], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(IList<double> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<double>([.. rawArray], dimensions, ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(IList<double> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<double>([.. rawArray], [rows, columns], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(IList<double> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<double>([.. rawArray], [dim0, dim1, dim2], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(IList<double> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<double>([.. rawArray], [dim0, dim1, dim2, dim3], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(double[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(double[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(double[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(Memory<double> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<double>(rawArray.Span, dimensions, ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor as_tensor(double[] data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);

    public static Tensor as_tensor(IList<double> data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);
}
