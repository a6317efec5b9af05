using Dashboard.Backend.Datasets.AutoAugment;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>The changes of torchvision's ColorJitter on RGB images, as PIL computes them.</summary>
internal static class ColourJitter
{
    private const int Channels = 3;

    /// <param name="change">-1 black, 0 as it is.</param>
    public static ImageBuffer Brightness(ImageBuffer image, float change) => ColourOperations.Brightness(image, change);

    /// <param name="change">-1 gray of the mean luma, 0 as it is.</param>
    public static ImageBuffer Contrast(ImageBuffer image, float change) => ColourOperations.Contrast(image, change);

    /// <param name="change">-1 gray, 0 as it is.</param>
    public static ImageBuffer Saturation(ImageBuffer image, float change) => ColourOperations.Color(image, change);

    /// <summary>Through PIL's 8-bit HSV, whose hue goes round.</summary>
    /// <param name="turn">-0.5 to 0.5 of a whole turn.</param>
    public static ImageBuffer Hue(ImageBuffer image, float turn)
    {
        var (result, shift) = (new byte[image.Pixels.Length], (byte)(int)(turn * 255));
        for (var at = 0; at < result.Length; at += Channels)
        {
            var (h, s, v) = ToHsv(image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
            (result[at], result[at + 1], result[at + 2]) = ToRgb((byte)(h + shift), s, v);
        }
        return new(image.Width, image.Height, Channels, result);
    }

    /// <summary>PIL's <c>rgb2hsv_row</c>.</summary>
    internal static (byte H, byte S, byte V) ToHsv(byte red, byte green, byte blue)
    {
        var (highest, lowest) = (Math.Max(red, Math.Max(green, blue)), Math.Min(red, Math.Min(green, blue)));
        if (highest == lowest)
            return (0, 0, highest);
        var range = (float)(highest - lowest);
        var (r, g, b) = ((highest - red) / range, (highest - green) / range, (highest - blue) / range);
        var h = red == highest ? b - g : green == highest ? 2 + r - b : 4 + g - r;
        h = (float)((h / 6.0 + 1.0) % 1.0);
        return ((byte)Math.Clamp((int)(h * 255.0), 0, 255), (byte)Math.Clamp((int)(range / highest * 255.0), 0, 255), highest);
    }

    /// <summary>PIL's <c>hsv2rgb_row</c>.</summary>
    internal static (byte Red, byte Green, byte Blue) ToRgb(byte h, byte s, byte v)
    {
        if (s == 0)
            return (v, v, v);
        var (sixth, saturation) = (h * 6.0f / 255.0f, s / 255.0f);
        var i = (int)MathF.Floor(sixth);
        var f = sixth - i;
        var (p, q, t) = (Level(v * (1 - saturation)), Level(v * (1 - saturation * f)), Level(v * (1 - saturation * (1 - f))));
        return (i % 6) switch
        {
            0 => (v, t, p),
            1 => (q, v, p),
            2 => (p, v, t),
            3 => (p, q, v),
            4 => (t, p, v),
            _ => (v, p, q),
        };

        static byte Level(float value) => (byte)Math.Clamp((int)MathF.Round(value, MidpointRounding.AwayFromZero), 0, 255);
    }
}
