namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            /// <summary>Uniform in ± gain · √(3 / fan). He et al., "Delving deep into rectifiers", 2015.</summary>
            /// <param name="a">The negative slope of the leaky ReLU that follows.</param>
            public static Tensor kaiming_uniform_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                var bound = Math.Sqrt(3.0) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with standard deviation gain / √fan. He et al., "Delving deep into rectifiers", 2015.</summary>
            /// <param name="a">The negative slope of the leaky ReLU that follows.</param>
            public static Tensor kaiming_normal_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
                => normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            /// <summary>Uniform in ± gain · √(6 / (fan in + fan out)). Glorot and Bengio, 2010.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var bound = Math.Sqrt(3.0) * XavierDeviation(tensor, gain);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with standard deviation gain · √(2 / (fan in + fan out)). Glorot and Bengio, 2010.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0) => normal_(tensor, 0, XavierDeviation(tensor, gain));

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static double XavierDeviation(Tensor tensor, double gain)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }
        }
    }
}
