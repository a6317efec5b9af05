namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) =>
        FromElements<byte>([scalar], [], ScalarType.Byte, null, device, requires_grad);

    public static Tensor tensor(byte scalar, ScalarType dtype, Device? device = null, bool requires_grad = false) =>
        FromElements<byte>([scalar], [], ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<byte>(rawArray, [rawArray.LongLength], ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<byte>(rawArray, dimensions, ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(IList<byte> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<byte>([.. rawArray], [rawArray.Count], ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(IList<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<byte>([.. rawArray], dimensions, ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(IList<byte> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<byte>([.. rawArray], [rows, columns], ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(IList<byte> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<byte>([.. rawArray], [dim0, dim1, dim2], ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(IList<byte> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<byte>([.. rawArray], [dim0, dim1, dim2, dim3], ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(byte[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(byte[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(byte[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(Memory<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements<byte>(rawArray.Span, dimensions, ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor as_tensor(byte[] data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);

    public static Tensor as_tensor(IList<byte> data, ScalarType? dtype = null, Device? device = null) => tensor(data, dtype, device);
}
