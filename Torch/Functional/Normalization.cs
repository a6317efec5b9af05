using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Normalises each channel of <c>[N, C, ...]</c>, by the batch's statistics where <paramref name="training"/>, else by the running ones.</summary>
            /// <param name="momentum">The weight of the batch in the new running statistics.</param>
            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false,
                double momentum = 0.1, double eps = 1e-5)
                => Call("aten::batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            /// <summary>Normalises over the last dimensions, whose sizes are <paramref name="normalized_shape"/>.</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
                => Call("aten::layer_norm", input, normalized_shape, weight, bias, eps);

            /// <summary>Normalises each group of channels of <c>[N, C, ...]</c>.</summary>
            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
                => Call("aten::group_norm", input, num_groups, weight, bias, eps);
        }
    }
}
