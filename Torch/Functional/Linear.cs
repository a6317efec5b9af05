using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <returns>input · weightsᵀ + bias</returns>
            /// <param name="input"><c>[..., inputs]</c></param>
            /// <param name="weights"><c>[outputs, inputs]</c></param>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Call("aten::linear", input, weights, bias);
        }
    }
}
