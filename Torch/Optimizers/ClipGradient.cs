using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients so that their norm, taken over all of them together, is at most <paramref name="max_norm"/>.</summary>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> parameters, double max_norm, double norm_type = 2.0)
            {
                using var noGrad = no_grad();
                using var scope = NewDisposeScope();
                var gradients = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
                if (gradients.Length == 0)
                    return 0;
                var norms = gradients.Select(gradient => Boxed.Call("aten::norm.Scalar", gradient, norm_type)).ToArray();
                var total = Boxed.Call("aten::norm.Scalar", Boxed.Call("aten::stack", norms), norm_type);
                var scale = Boxed.Call("aten::mul.Scalar", Boxed.Call("aten::reciprocal", Boxed.Call("aten::add.Scalar", total, 1e-6)), max_norm);
                var coefficient = Boxed.Call("aten::clamp_max", scale, 1.0);
                foreach (var gradient in gradients)
                    Boxed.CallVoid("aten::mul_.Tensor", gradient, coefficient);
                return total.ToDouble();
            }

            /// <summary>Cuts each element of each gradient to ± <paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> parameters, double clip_value)
            {
                using var noGrad = no_grad();
                foreach (var parameter in parameters)
                {
                    using var gradient = parameter.grad;
                    if (gradient is not null)
                        Boxed.CallVoid("aten::clamp_", gradient, -clip_value, clip_value);
                }
            }
        }
    }
}
