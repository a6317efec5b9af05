using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <param name="x">Class indices of type int64, any shape.</param>
            /// <param name="num_classes">-1: one more than the largest index.</param>
            /// <returns>The shape of x with a last dimension of <paramref name="num_classes"/>, int64.</returns>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Call("aten::one_hot", x, num_classes);
        }
    }
}
