using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Postprocess;

/// <summary>Label maps of another size by nearest neighbour.</summary>
public static class LabelResize
{
    /// <summary>As OpenCV's <c>INTER_NEAREST</c>: pixel x takes that at ⌊x · old / new⌋ (PIL takes the one at the pixel's centre).</summary>
    /// <exception cref="ArgumentException">A side is less than 1.</exception>
    public static LabelMap Nearest(LabelMap map, ImageSize size)
    {
        if (size.Width < 1 || size.Height < 1)
            throw new ArgumentException($"Labels of {map.Width}x{map.Height} cannot be resized to {size.Width}x{size.Height}.", nameof(size));
        if (size.Width == map.Width && size.Height == map.Height)
            return map;
        var (columns, rows) = (Positions(map.Width, size.Width), Positions(map.Height, size.Height));
        var labels = new byte[checked(size.Width * size.Height)];
        for (var y = 0; y < size.Height; y++)
            for (var x = 0; x < size.Width; x++)
                labels[y * size.Width + x] = map[columns[x], rows[y]];
        return new(size.Width, size.Height, labels);
    }

    private static int[] Positions(int input, int output)
    {
        // Two divisions, as OpenCV: they decide where a position is a whole number but for rounding.
        var step = 1 / ((double)output / input);
        return [.. Enumerable.Range(0, output).Select(i => Math.Min((int)Math.Floor(i * step), input - 1))];
    }
}
