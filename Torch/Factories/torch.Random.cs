using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Integers, uniform in [low, high); int64 unless told.</summary>
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Boxed.Call("aten::randint.low_generator", low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, Place(device)), requires_grad);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator);

    /// <summary>A permutation of 0 .. n-1; int64 unless told.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Made(Boxed.Call("aten::randperm.generator", n, generator, dtype ?? ScalarType.Int64, Arg.None, Place(device)), requires_grad);

    public static Tensor randint_like(Tensor input, long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::randint_like.low_dtype", input, low, high, dtype, Arg.None, device), requires_grad);

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.multinomial(num_samples, replacement, generator);

    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) =>
        Boxed.Call("aten::normal.Tensor_Tensor", mean, std, generator);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Boxed.Call("aten::normal.float_float", mean, std, size.ToArray(), generator, Dtype(dtype), Arg.None, Place(device)), requires_grad);

    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Boxed.Call("aten::bernoulli", this, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Boxed.Call("aten::multinomial", this, num_samples, replacement, generator);

        public Tensor uniform_(double from = 0, double to = 1, Generator? generator = null) =>
            Boxed.InPlace("aten::uniform_", this, from, to, generator);

        public Tensor normal_(double mean = 0, double stddev = 1, Generator? generator = null) =>
            Boxed.InPlace("aten::normal_", this, mean, stddev, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) =>
            Boxed.InPlace("aten::bernoulli_.float", this, p, generator);

        public Tensor exponential_(double lambda = 1.0, Generator? generator = null) =>
            Boxed.InPlace("aten::exponential_", this, lambda, generator);

        public Tensor random_(long low, long high, Generator? generator = null) =>
            Boxed.InPlace("aten::random_.from", this, low, high, generator);
    }
}
