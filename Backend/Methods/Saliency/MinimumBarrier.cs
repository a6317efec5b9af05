using Dashboard.Backend.Images;

namespace Dashboard.Backend.Methods.Saliency;

/// <summary>
/// Saliency without training (Zhang, Sclaroff, Lin, Shen, Price, Mech: "Minimum Barrier Salient Object Detection at 80 FPS", ICCV 2015; the map that
/// they call MB). Background reaches the border of the image: a pixel is salient when every path from the border to it crosses much of a channel's
/// range.
/// </summary>
public static class MinimumBarrier
{
    /// <summary>Three, as published: raster scan, back, and forth again.</summary>
    private const int Passes = 3;

    /// <summary>Of the contrast that the authors give the map at the end.</summary>
    private const double Steepness = 10;

    /// <returns>0 to 255, at the image's size; all 0 where no pixel differs from the border.</returns>
    public static ImageBuffer Of(ImageBuffer rgb)
    {
        var (pixels, distance) = (rgb.Width * rgb.Height, new float[rgb.Width * rgb.Height]);
        foreach (var channel in CieLab.Planes(rgb))
        {
            var barrier = Barriers(channel, rgb.Width, rgb.Height);
            for (var i = 0; i < pixels; i++)
                distance[i] += barrier[i];
        }
        var largest = distance.Max();
        return new(rgb.Width, rgb.Height, 1,
            Array.ConvertAll(distance, value => largest > 0 ? Contrast(value / largest) : (byte)0));
    }

    /// <summary>The smallest max - min of the values on any path from the border to each pixel, as far as raster scans find it (FastMBD).</summary>
    /// <returns><c>[height, width]</c></returns>
    internal static float[] Barriers(float[] values, int width, int height)
    {
        var (distance, upper, lower) = (new float[values.Length], (float[])[.. values], (float[])[.. values]);
        for (var y = 1; y < height - 1; y++)
            distance.AsSpan(y * width + 1, Math.Max(0, width - 2)).Fill(float.PositiveInfinity);
        for (var pass = 0; pass < Passes; pass++)
            if (pass % 2 == 0)
                for (var y = 1; y < height - 1; y++)
                    for (var x = 1; x < width - 1; x++)
                        Visit(y * width + x, -1, -width);
            else
                for (var y = height - 2; y > 0; y--)
                    for (var x = width - 2; x > 0; x--)
                        Visit(y * width + x, 1, width);
        return distance;

        void Visit(int pixel, int beside, int across)
        {
            foreach (var neighbour in (ReadOnlySpan<int>)[pixel + beside, pixel + across])
            {
                if (float.IsPositiveInfinity(distance[neighbour]))
                    continue;
                var (high, low) = (Math.Max(upper[neighbour], values[pixel]), Math.Min(lower[neighbour], values[pixel]));
                if (high - low < distance[pixel])
                    (distance[pixel], upper[pixel], lower[pixel]) = (high - low, high, low);
            }
        }
    }

    /// <summary>1 / (1 + exp(-10 (x - 0.5))).</summary>
    private static byte Contrast(float value) => (byte)Math.Round(255 / (1 + Math.Exp(-Steepness * (value - 0.5))));
}
