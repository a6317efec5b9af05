using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => Call(inplace ? "aten::relu_" : "aten::relu", x);

            public static Tensor relu6(Tensor x, bool inplace = false) => Call(inplace ? "aten::hardtanh_" : "aten::hardtanh", x, 0.0, 6.0);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false)
                => Call(inplace ? "aten::leaky_relu_" : "aten::leaky_relu", input, negative_slope);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => Call(inplace ? "aten::elu_" : "aten::elu", x, alpha);

            /// <summary>x · Φ(x), with the error function and not its tanh approximation.</summary>
            public static Tensor gelu(Tensor x) => Call("aten::gelu", x);

            /// <summary>x · σ(x)</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => Call(inplace ? "aten::silu_" : "aten::silu", x);

            public static Tensor sigmoid(Tensor x) => Call("aten::sigmoid", x);

            public static Tensor tanh(Tensor x) => Call("aten::tanh", x);

            public static Tensor softplus(Tensor x, double beta = 1.0, double threshold = 20.0) => Call("aten::softplus", x, beta, threshold);

            public static Tensor logsigmoid(Tensor x) => Call("aten::log_sigmoid", x);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => Call("aten::softmax.int", input, dim, dtype);

            public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => Call("aten::log_softmax.int", input, dim, dtype);

            /// <summary>Sets each element to zero with probability p and scales the others by 1 / (1 - p).</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => Call(inplace ? "aten::dropout_" : "aten::dropout", input, p, training);

            /// <summary>Dropout of whole channels of <c>[N, C, H, W]</c>.</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => Call(inplace ? "aten::feature_dropout_" : "aten::feature_dropout", input, p, training);
        }
    }
}
