using Dashboard.Backend.Images;

namespace Dashboard.Backend.Methods.Saliency;

/// <summary>CIE L*a*b* of sRGB, white D65: distances in it are about those that eyes see.</summary>
internal static class CieLab
{
    private static readonly float[] Linear = [.. Enumerable.Range(0, 256).Select(level => level / 255.0)
        .Select(v => (float)(v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4)))];

    /// <returns>L*, a* and b*, <c>[Height, Width]</c> each.</returns>
    public static float[][] Planes(ImageBuffer rgb)
    {
        var planes = new[] { new float[rgb.Width * rgb.Height], new float[rgb.Width * rgb.Height], new float[rgb.Width * rgb.Height] };
        for (var i = 0; i < planes[0].Length; i++)
        {
            var (r, g, b) = (Linear[rgb.Pixels[3 * i]], Linear[rgb.Pixels[3 * i + 1]], Linear[rgb.Pixels[3 * i + 2]]);
            var x = Root((0.4124564f * r + 0.3575761f * g + 0.1804375f * b) / 0.95047f);
            var y = Root(0.2126729f * r + 0.7151522f * g + 0.0721750f * b);
            var z = Root((0.0193339f * r + 0.1191920f * g + 0.9503041f * b) / 1.08883f);
            (planes[0][i], planes[1][i], planes[2][i]) = (116 * y - 16, 500 * (x - y), 200 * (y - z));
        }
        return planes;
    }

    private static float Root(float t) => t > 0.008856452f ? MathF.Cbrt(t) : t * 7.787037f + 16 / 116f;
}
