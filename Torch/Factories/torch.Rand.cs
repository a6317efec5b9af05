using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>All overloads: independent draws, uniform in [0, 1); float32 unless told.</summary>
    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Boxed.Call("aten::rand.generator", size, generator, Dtype(dtype), Arg.None, Place(device)), requires_grad);

    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(size.ToArray(), dtype, device, requires_grad, generator);

    public static Tensor rand(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { size }, dtype, device, requires_grad, generator);

    public static Tensor rand(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { rows, columns }, dtype, device, requires_grad, generator);

    public static Tensor rand(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad, generator);

    public static Tensor rand(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad, generator);

    public static Tensor rand(int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(Array.ConvertAll(size, length => (long)length), dtype, device, requires_grad, generator);

    public static Tensor rand(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { size }, dtype, device, requires_grad, generator);

    public static Tensor rand(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { rows, columns }, dtype, device, requires_grad, generator);

    public static Tensor rand(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad, generator);

    public static Tensor rand(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad, generator);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::rand_like", input, dtype, Arg.None, device), requires_grad);
}
