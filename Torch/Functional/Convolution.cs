using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <param name="input"><c>[N, C, L]</c></param>
            /// <param name="weight"><c>[K, C / groups, kernel]</c></param>
            /// <returns><c>[N, K, L']</c></returns>
            public static Tensor conv1d(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1)
                => Call("aten::conv1d", input, weight, bias, new[] { stride ?? 1 }, new[] { padding ?? 0 }, new[] { dilation ?? 1 }, groups);

            /// <param name="input"><c>[N, C, H, W]</c></param>
            /// <param name="weight"><c>[K, C / groups, kernel height, kernel width]</c></param>
            /// <returns><c>[N, K, H', W']</c></returns>
            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
                => Call("aten::conv2d", input, weight, bias, strides ?? [1], padding ?? [0], dilation ?? [1], groups);

            /// <summary>As <see cref="conv2d"/>, the padding named: none, or what keeps the size.</summary>
            public static Tensor conv2d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1)
                => Call("aten::conv2d.padding", input, weight, bias, strides ?? [1], padding == Padding.Same ? "same" : "valid", dilation ?? [1], groups);

            /// <param name="input"><c>[N, C, H, W]</c></param>
            /// <param name="weight"><c>[C, K / groups, kernel height, kernel width]</c></param>
            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null,
                long[]? dilation = null, long groups = 1)
                => Call("aten::conv_transpose2d.input", input, weight, bias, strides ?? [1], padding ?? [0], output_padding ?? [0], groups, dilation ?? [1]);

            /// <summary>Sliding blocks as columns (im2col).</summary>
            /// <param name="input"><c>[N, C, H, W]</c></param>
            /// <returns><c>[N, C · kernel², blocks]</c></returns>
            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1)
                => unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor unfold(
                Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null)
                => Call("aten::im2col", input, Pair(kernel_size), Pair(dilation ?? (1, 1)), Pair(padding ?? (0, 0)), Pair(stride ?? (1, 1)));

            /// <summary>The sum of columns at their places in the image (col2im), the adjoint of <see cref="unfold(Tensor, long, long, long, long)"/>.</summary>
            /// <param name="input"><c>[N, C · kernel², blocks]</c></param>
            /// <returns><c>[N, C, output_size, output_size]</c></returns>
            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1)
                => fold(input, (output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor fold(
                Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null)
                => Call("aten::col2im", input, Pair(output_size), Pair(kernel_size), Pair(dilation ?? (1, 1)), Pair(padding ?? (0, 0)), Pair(stride ?? (1, 1)));

            private static long[] Pair((long, long) pair) => [pair.Item1, pair.Item2];

            private static long[] Square(long side) => [side, side];
        }
    }
}
