namespace Dashboard.Backend.Postprocess;

/// <summary>Dilation and erosion with a square box, as OpenCV's <c>dilate</c> and <c>erode</c>: what lies beyond the image does not count.</summary>
public static class Morphology
{
    /// <summary>The largest value in the box around each pixel.</summary>
    /// <param name="mask"><c>[height, width]</c></param>
    /// <param name="side">Of the box, in pixels; 1 changes nothing. An even one reaches a pixel further to the left and up, as OpenCV's does.</param>
    /// <returns><c>[height, width]</c></returns>
    public static byte[] Dilate(ReadOnlySpan<byte> mask, int width, int height, int side) => Filter(mask, width, height, side, Math.Max);

    /// <summary>The smallest value in the box around each pixel.</summary>
    /// <inheritdoc cref="Dilate"/>
    public static byte[] Erode(ReadOnlySpan<byte> mask, int width, int height, int side) => Filter(mask, width, height, side, Math.Min);

    /// <summary>Dilation, then erosion: fills holes and gaps narrower than the box.</summary>
    /// <inheritdoc cref="Dilate"/>
    public static byte[] Close(ReadOnlySpan<byte> mask, int width, int height, int side) =>
        Erode(Dilate(mask, width, height, side), width, height, side);

    /// <summary>A box is separable: along the rows, then along the columns.</summary>
    private static byte[] Filter(ReadOnlySpan<byte> mask, int width, int height, int side, Func<byte, byte, byte> choose)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        if (mask.Length != (long)width * height)
            throw new ArgumentException($"A mask of {width}x{height} has {(long)width * height} values, not {mask.Length}.", nameof(mask));
        var (before, after) = (side / 2, side - 1 - side / 2);
        var (along, both) = (new byte[mask.Length], new byte[mask.Length]);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var value = mask[y * width + x];
                for (var i = Math.Max(0, x - before); i <= Math.Min(width - 1, x + after); i++)
                    value = choose(value, mask[y * width + i]);
                along[y * width + x] = value;
            }

        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var value = along[y * width + x];
                for (var i = Math.Max(0, y - before); i <= Math.Min(height - 1, y + after); i++)
                    value = choose(value, along[i * width + x]);
                both[y * width + x] = value;
            }

        return both;
    }
}
