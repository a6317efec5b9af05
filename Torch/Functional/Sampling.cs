using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public enum GridSampleMode
    {
        Nearest = 0,
        Bilinear = 2,
    }

    public enum GridSamplePaddingMode
    {
        Zeros = 0,
        Reflection = 1,
        Border = 2,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Pads the last dimensions.</summary>
            /// <param name="pad">Sizes before and after, the last dimension first: (left, right, top, bottom).</param>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => Call("aten::pad", input, pad, PaddingName(mode), PaddingName(mode) == "constant" ? value : (double?)null);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <summary>The input at the places that the grid names.</summary>
            /// <param name="input"><c>[N, C, H, W]</c></param>
            /// <param name="grid"><c>[N, H', W', 2]</c>, x and y in -1..1</param>
            public static Tensor grid_sample(
                Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros,
                bool? align_corners = null)
            {
                var interpolation = mode == GridSampleMode.Bilinear ? 0L : 1L;
                var padding = padding_mode switch
                {
                    GridSamplePaddingMode.Border => 1L,
                    GridSamplePaddingMode.Reflection => 2L,
                    _ => 0L,
                };
                return Call("aten::grid_sampler", input, grid, interpolation, padding, align_corners ?? false);
            }

            /// <param name="theta"><c>[N, 2, 3]</c></param>
            /// <param name="size"><c>{N, C, H, W}</c></param>
            /// <returns><c>[N, H, W, 2]</c>, for <see cref="grid_sample"/></returns>
            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false)
                => Call("aten::affine_grid_generator", theta, size ?? throw new ArgumentNullException(nameof(size)), align_corners);

            /// <summary><c>[N, C · r², H, W]</c> to <c>[N, C, H · r, W · r]</c></summary>
            public static Tensor pixel_shuffle(Tensor x, long upscale_factor) => Call("aten::pixel_shuffle", x, upscale_factor);

            private static string PaddingName(PaddingModes mode) => mode switch
            {
                PaddingModes.Reflect => "reflect",
                PaddingModes.Replicate => "replicate",
                PaddingModes.Circular => "circular",
                _ => "constant",
            };
        }
    }
}
