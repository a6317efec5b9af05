using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>All overloads: independent draws, standard normal; float32 unless told.</summary>
    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Boxed.Call("aten::randn.generator", size, generator, Dtype(dtype), Arg.None, Place(device)), requires_grad);

    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(size.ToArray(), dtype, device, requires_grad, generator);

    public static Tensor randn(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { size }, dtype, device, requires_grad, generator);

    public static Tensor randn(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { rows, columns }, dtype, device, requires_grad, generator);

    public static Tensor randn(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad, generator);

    public static Tensor randn(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad, generator);

    public static Tensor randn(int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(Array.ConvertAll(size, length => (long)length), dtype, device, requires_grad, generator);

    public static Tensor randn(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { size }, dtype, device, requires_grad, generator);

    public static Tensor randn(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { rows, columns }, dtype, device, requires_grad, generator);

    public static Tensor randn(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad, generator);

    public static Tensor randn(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad, generator);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::randn_like", input, dtype, Arg.None, device), requires_grad);
}
