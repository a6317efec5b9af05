using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initial values, drawn from libtorch's generator in PyTorch's order, so that a seed gives PyTorch's weights. All work in place and return their argument.</summary>
        public static partial class init
        {
            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0.0);

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1.0);

            public static Tensor constant_(Tensor tensor, Scalar val)
            {
                using var noGrad = no_grad();
                CallVoid("aten::fill_.Scalar", tensor, val);
                return tensor;
            }

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
            {
                using var noGrad = no_grad();
                CallVoid("aten::uniform_", tensor, low, high, generator);
                return tensor;
            }

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
            {
                using var noGrad = no_grad();
                CallVoid("aten::normal_", tensor, mean, std, generator);
                return tensor;
            }

            /// <summary>The normal distribution cut off at <paramref name="a"/> and <paramref name="b"/> (absolute values, not multiples of std).</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
            {
                using var noGrad = no_grad();
                var lower = StandardNormalProbability((a - mean) / std);
                var upper = StandardNormalProbability((b - mean) / std);
                CallVoid("aten::uniform_", tensor, 2 * lower - 1, 2 * upper - 1, generator);
                CallVoid("aten::erfinv_", tensor);
                CallVoid("aten::mul_.Scalar", tensor, std * Math.Sqrt(2));
                CallVoid("aten::add_.Scalar", tensor, mean);
                CallVoid("aten::clamp_", tensor, a, b);
                return tensor;
            }

            /// <summary>A random orthogonal matrix, from the QR decomposition of a normal one, times the gain.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0, Generator? generator = null)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException("Only a tensor of two or more dimensions can be orthogonal.", nameof(tensor));
                using var noGrad = no_grad();
                using var scope = NewDisposeScope();
                var (rows, columns) = (shape[0], shape.Skip(1).Aggregate(1L, (product, size) => product * size));
                var matrix = Call("aten::new_empty", tensor, new[] { rows, columns });
                CallVoid("aten::normal_", matrix, 0.0, 1.0, generator);
                if (rows < columns)
                    matrix = Call("aten::t", matrix);
                var (q, r) = Call2("aten::linalg_qr", matrix);
                q = Call("aten::mul.Tensor", q, Call("aten::sign", Call("aten::diag", r)));
                if (rows < columns)
                    q = Call("aten::t", q);
                CallVoid("aten::copy_", tensor, Call("aten::reshape", q, shape));
                CallVoid("aten::mul_.Scalar", tensor, gain);
                return tensor;
            }

            /// <summary>Φ(x), by way of libtorch's error function: .NET has none.</summary>
            private static double StandardNormalProbability(double x)
            {
                using var argument = tensor(x / Math.Sqrt(2), ScalarType.Float64);
                using var erf = Call("aten::erf", argument);
                return (1 + erf.item<double>()) / 2;
            }
        }
    }
}
