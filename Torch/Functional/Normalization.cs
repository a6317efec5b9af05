using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>input / max(‖input‖ₚ, eps), the norm taken along one dimension.</summary>
            public static Tensor normalize(Tensor input, double p = 2.0, long dim = 1L, double eps = 1e-12)
            {
                using var norm = Call("aten::norm.ScalarOpt_dim", input, p, new[] { dim }, true);
                using var bounded = Call("aten::clamp_min", norm, eps);
                return Call("aten::div.Tensor", input, bounded);
            }

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

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-8)
                => Call("aten::cosine_similarity", x1, x2, dim, eps);

            /// <param name="x">Class indices of type int64, any shape.</param>
            /// <param name="num_classes">-1: one more than the largest index.</param>
            /// <returns>The shape of x with a last dimension of <paramref name="num_classes"/>, int64.</returns>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Call("aten::one_hot", x, num_classes);

            public static Tensor pixel_shuffle(Tensor x, long upscale_factor) => Call("aten::pixel_shuffle", x, upscale_factor);
        }
    }
}
