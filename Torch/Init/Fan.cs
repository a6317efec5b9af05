namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            /// <summary>Whether the variance is kept in the forward pass (inputs) or in the backward pass (outputs).</summary>
            public enum FanInOut
            {
                FanIn,
                FanOut,
            }

            public enum NonlinearityType
            {
                Linear,
                Conv1D,
                Conv2D,
                Conv3D,
                ConvTranspose1D,
                ConvTranspose2D,
                ConvTranspose3D,
                Sigmoid,
                Tanh,
                ReLU,
                LeakyReLU,
                SELU,
            }

            /// <summary>The recommended gain of a nonlinearity.</summary>
            /// <param name="param">The negative slope of a leaky ReLU.</param>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2.0),
                NonlinearityType.LeakyReLU => Math.Sqrt(2.0 / (1 + param * param)),
                NonlinearityType.SELU => 3.0 / 4.0,
                _ => 1.0,
            };

            /// <summary>How many inputs one output of this weight depends on, and the reverse. The weight is <c>[outputs, inputs, ...kernel]</c>.</summary>
            /// <exception cref="ArgumentException">The weight has fewer than two dimensions.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException("Fan in and fan out are not defined for a tensor of fewer than two dimensions.", nameof(tensor));
                var kernel = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                return (shape[1] * kernel, shape[0] * kernel);
            }
        }
    }
}
