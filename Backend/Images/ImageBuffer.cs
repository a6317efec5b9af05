namespace Dashboard.Backend.Images;

/// <summary>An 8-bit image in memory, <c>[Height, Width, Channels]</c>, row by row, channels interleaved.</summary>
public sealed class ImageBuffer
{
    /// <exception cref="ArgumentException">The array's length is not width times height times channels.</exception>
    public ImageBuffer(int width, int height, int channels, byte[] pixels)
    {
        if (pixels.LongLength != (long)width * height * channels)
            throw new ArgumentException($"An image of {width}x{height}x{channels} needs {(long)width * height * channels} bytes, not {pixels.LongLength}.", nameof(pixels));
        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>1 gray, 3 RGB, 4 RGBA.</summary>
    public int Channels { get; }

    public byte[] Pixels { get; }
}
