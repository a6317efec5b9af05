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

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-8)
                => Call("aten::cosine_similarity", x1, x2, dim, eps);
        }
    }
}
