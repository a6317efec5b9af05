using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static ReLU ReLU(bool inplace = false) => new(inplace);

        public static ReLU6 ReLU6(bool inplace = false) => new(inplace);

        public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

        public static GELU GELU() => new();

        public static SiLU SiLU(bool inplace = false) => new(inplace);

        public static Sigmoid Sigmoid() => new();

        public static Tanh Tanh() => new();

        public static Softmax Softmax(long dim) => new(dim);
    }
}
