using Dashboard.Backend.Images;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// The picture that deeplab-pytorch hands its test-time CRF instead of the photo, and CLIMS, NSROM and CLIP-ES after it: BGR less the mean,
/// cast to 8 bits, so that dark values wrap around to bright ones. Published numbers contain it; only for comparison with them.
/// </summary>
public static class LegacyCrfGuide
{
    /// <summary>Blue, green, red.</summary>
    private static readonly float[] s_mean = [104.008f, 116.669f, 122.675f];

    /// <param name="image">Gray is taken as RGB, alpha dropped.</param>
    public static ImageBuffer Of(ImageBuffer image)
    {
        var rgb = image.ToRgb().Pixels;
        var guide = new byte[rgb.Length];
        for (var pixel = 0; pixel < rgb.Length; pixel += 3)
        {
            // NumPy's cast: towards zero, then modulo 256.
            for (var channel = 0; channel < 3; channel++)
                guide[pixel + channel] = unchecked((byte)(int)(rgb[pixel + 2 - channel] - s_mean[channel]));
        }

        return new(image.Width, image.Height, 3, guide);
    }
}
