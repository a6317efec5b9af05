namespace Dashboard.Backend.Images;

/// <summary>
/// A map over its picture: one ramp of rising lightness whose peak is the brightest, so that the object that a map has found shines instead of
/// darkening. The picture steps back under it, in weak colours; where the map is near 0 nothing lies over it. wwwroot/js/compare/palette.js draws the
/// same ramp.
/// </summary>
public static class HeatOverlay
{
    private const double Saturation = 0.25;
    private const double Brightness = 0.62;

    /// <summary>From here on the ramp covers the picture, to <see cref="MostAlpha"/> at 1.</summary>
    private const double FirstAlpha = 0.06;

    private const double MostAlpha = 0.92;

    /// <summary>Position and colour: matplotlib's inferno, thinned.</summary>
    private static readonly (double At, int Colour)[] Stops =
        [(0, 0x000004), (0.14, 0x1F0C48), (0.28, 0x550F6D), (0.42, 0x88226A), (0.56, 0xBA3655), (0.70, 0xE35933), (0.84, 0xF98C0A), (0.93, 0xF9C932),
            (1, 0xFCFFA4)];

    /// <param name="picture">RGB.</param>
    /// <param name="map">0..1, one value a pixel of the picture; clipped, NaN is 0.</param>
    /// <exception cref="ArgumentException">The map's size is another.</exception>
    public static ImageBuffer Paint(ImageBuffer picture, ReadOnlySpan<float> map)
    {
        if (map.Length != picture.Width * picture.Height)
            throw new ArgumentException($"A map over {picture.Width}x{picture.Height} has {picture.Width * picture.Height} values, not {map.Length}.",
                nameof(map));
        var pixels = new byte[3 * map.Length];
        for (var i = 0; i < map.Length; i++)
        {
            var value = float.IsNaN(map[i]) ? 0 : Math.Clamp(map[i], 0, 1);
            var alpha = MostAlpha * Math.Max(0, (value - FirstAlpha) / (1 - FirstAlpha));
            var (r, g, b) = Colour(value);
            var (red, green, blue) = (picture.Pixels[3 * i], picture.Pixels[3 * i + 1], picture.Pixels[3 * i + 2]);
            // Rec. 709, as CSS's saturate() weighs.
            var gray = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
            pixels[3 * i] = Blend(red, gray, r, alpha);
            pixels[3 * i + 1] = Blend(green, gray, g, alpha);
            pixels[3 * i + 2] = Blend(blue, gray, b, alpha);
        }
        return new(picture.Width, picture.Height, 3, pixels);
    }

    /// <summary>The ramp's colour, each 0..255.</summary>
    public static (double R, double G, double B) Colour(double value)
    {
        var i = Array.FindIndex(Stops, stop => stop.At >= value);
        if (i <= 0)
            return Split(Stops[0].Colour);
        var (low, high) = (Stops[i - 1], Stops[i]);
        var share = (value - low.At) / (high.At - low.At);
        var (from, to) = (Split(low.Colour), Split(high.Colour));
        return (from.R + share * (to.R - from.R), from.G + share * (to.G - from.G), from.B + share * (to.B - from.B));
    }

    private static (double R, double G, double B) Split(int colour) => (colour >> 16, (colour >> 8) & 255, colour & 255);

    private static byte Blend(double channel, double gray, double ramp, double alpha) =>
        (byte)Math.Clamp((1 - alpha) * Brightness * (gray + Saturation * (channel - gray)) + alpha * ramp + 0.5, 0, 255);
}
