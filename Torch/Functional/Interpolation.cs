using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public enum UpsampleMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
    }

    public enum InterpolationMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
        Area = 5,
        NearestExact = 6,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resizes the spatial dimensions, to a size or by a factor.</summary>
            /// <param name="x"><c>[N, C, (D,) (H,) W]</c></param>
            /// <param name="size">One number per spatial dimension, or one for all.</param>
            /// <param name="scale_factor">One number per spatial dimension, or one for all.</param>
            /// <param name="align_corners">Whether the corner pixels' centres, and not their corners, coincide. Null is false.</param>
            /// <param name="recompute_scale_factor">Whether to compute with the sizes' ratio instead of the factor given.</param>
            /// <param name="antialias">Whether to filter when making smaller, as PIL does (bilinear and bicubic).</param>
            /// <exception cref="ArgumentException">Neither or both of size and factor, or a mode that x's dimensions do not have.</exception>
            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null,
                bool recompute_scale_factor = false, bool antialias = false)
            {
                if (size is null == scale_factor is null)
                    throw new ArgumentException("Give either size or scale_factor to interpolate.");
                var spatial = (int)x.dim() - 2;
                size = PerDimension(size, spatial);
                scale_factor = PerDimension(scale_factor, spatial);
                if (scale_factor is not null && (recompute_scale_factor || mode == InterpolationMode.Area))
                {
                    var shape = x.shape;
                    size = [.. scale_factor.Select((factor, i) => (long)Math.Floor(shape[i + 2] * factor))];
                    scale_factor = null;
                }

                var op = OperatorOf(mode, spatial, antialias);
                return mode switch
                {
                    InterpolationMode.Area => Boxed.Call(op, x, size),
                    InterpolationMode.Nearest or InterpolationMode.NearestExact => Boxed.Call(op, x, size, scale_factor),
                    _ => Boxed.Call(op, x, size, align_corners ?? false, scale_factor),
                };
            }

            public static Tensor upsample_bilinear(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false)
                => interpolate(x, size, scale_factor, InterpolationMode.Bilinear, align_corners);

            public static Tensor upsample_nearest(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false)
                => interpolate(x, size, scale_factor);

            private static string OperatorOf(InterpolationMode mode, int spatial, bool antialias) => (mode, spatial, antialias) switch
            {
                (InterpolationMode.Nearest, 1, false) => "aten::upsample_nearest1d.vec",
                (InterpolationMode.Nearest, 2, false) => "aten::upsample_nearest2d.vec",
                (InterpolationMode.Nearest, 3, false) => "aten::upsample_nearest3d.vec",
                (InterpolationMode.NearestExact, 1, false) => "aten::_upsample_nearest_exact1d.vec",
                (InterpolationMode.NearestExact, 2, false) => "aten::_upsample_nearest_exact2d.vec",
                (InterpolationMode.NearestExact, 3, false) => "aten::_upsample_nearest_exact3d.vec",
                (InterpolationMode.Area, 1, false) => "aten::adaptive_avg_pool1d",
                (InterpolationMode.Area, 2, false) => "aten::adaptive_avg_pool2d",
                (InterpolationMode.Area, 3, false) => "aten::adaptive_avg_pool3d",
                (InterpolationMode.Linear, 1, false) => "aten::upsample_linear1d.vec",
                (InterpolationMode.Bilinear, 2, false) => "aten::upsample_bilinear2d.vec",
                (InterpolationMode.Bilinear, 2, true) => "aten::_upsample_bilinear2d_aa.vec",
                (InterpolationMode.Bicubic, 2, false) => "aten::upsample_bicubic2d.vec",
                (InterpolationMode.Bicubic, 2, true) => "aten::_upsample_bicubic2d_aa.vec",
                (InterpolationMode.Trilinear, 3, false) => "aten::upsample_trilinear3d.vec",
                _ => throw new ArgumentException($"There is no {(antialias ? "antialiased " : "")}{mode} interpolation of {spatial} spatial dimensions."),
            };

            private static T[]? PerDimension<T>(T[]? values, int spatial)
                => values is { Length: 1 } ? [.. Enumerable.Repeat(values[0], spatial)] : values;
        }
    }
}
