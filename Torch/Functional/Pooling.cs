using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <param name="input"><c>[N, C, H, W]</c></param>
            /// <param name="stride">The kernel size where not given.</param>
            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
                => max_pool2d(input, Square(kernel_size), Square(stride ?? kernel_size), Square(padding ?? 0), Square(dilation ?? 1), ceil_mode);

            public static Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
                => Call("aten::max_pool2d", input, kernel_size, strides ?? kernel_size, padding ?? [0], dilation ?? [1], ceil_mode);

            /// <returns>The maxima and their places in each channel, as indices into H · W.</returns>
            public static (Tensor output, Tensor indices) max_pool2d_with_indices(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
                => Call2("aten::max_pool2d_with_indices", input, kernel_size, strides ?? kernel_size, padding ?? [0], dilation ?? [1], ceil_mode);

            /// <param name="input"><c>[N, C, H, W]</c></param>
            /// <param name="stride">The kernel size where not given.</param>
            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
                => avg_pool2d(input, Square(kernel_size), Square(stride ?? kernel_size), Square(padding ?? 0), ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true,
                long? divisor_override = null)
                => Call("aten::avg_pool2d", input, kernel_size, strides ?? kernel_size, padding ?? [0], ceil_mode, count_include_pad, divisor_override);

            /// <param name="input"><c>[N, C, H, W]</c></param>
            /// <returns><c>[N, C, output_size, output_size]</c></returns>
            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, Square(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) => adaptive_avg_pool2d(input, Pair(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Call("aten::adaptive_avg_pool2d", input, output_size);

            /// <param name="input"><c>[N, C, H, W]</c></param>
            public static Tensor adaptive_max_pool2d(Tensor input, long[] outputSize)
            {
                var (maxima, places) = Call2("aten::adaptive_max_pool2d", input, outputSize);
                places.Dispose();
                return maxima;
            }
        }
    }
}
