using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <param name="stride">The kernel size where not given.</param>
        public static MaxPool2d MaxPool2d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
            => new(Both(kernel_size)!, Both(stride), Both(padding), Both(dilation), ceil_mode);

        public static MaxPool2d MaxPool2d(
            (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false)
            => new(Both(kernel_size)!, Both(stride), Both(padding), Both(dilation), ceil_mode);

        /// <param name="stride">The kernel size where not given.</param>
        public static AvgPool2d AvgPool2d(
            long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
            => new(Both(kernel_size)!, Both(stride), Both(padding), ceil_mode, count_include_pad, divisor_override);

        public static AvgPool2d AvgPool2d(
            (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true,
            long? divisor_override = null)
            => new(Both(kernel_size)!, Both(stride), Both(padding), ceil_mode, count_include_pad, divisor_override);

        public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long outputSize) => new([outputSize, outputSize]);

        public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) outputSize) => new([outputSize.Item1, outputSize.Item2]);

        public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] outputSize) => new(outputSize);

        public static AdaptiveMaxPool2d AdaptiveMaxPool2d(long[] outputSize) => new(outputSize);

        private static long[]? Both(long? value) => value is { } both ? [both, both] : null;

        private static long[]? Both((long, long)? value) => value is var (height, width) ? [height, width] : null;
    }
}
