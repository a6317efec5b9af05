namespace Dashboard.Backend.Images;

/// <summary>An 8-bit image in memory, <c>[Height, Width, Channels]</c>, row by row, channels interleaved.</summary>
public sealed class ImageBuffer
{
    /// <exception cref="ArgumentException">The array's length is not width times height times channels.</exception>
    public ImageBuffer(int width, int height, int channels, byte[] pixels)
    {
        if (pixels.LongLength != (long)width * height * channels)
            throw new ArgumentException(
                $"An image of {width}x{height}x{channels} needs {(long)width * height * channels} bytes, not {pixels.LongLength}.", nameof(pixels));
        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    public int Width { get; }
    public int Height { get; }
    public ImageSize Size => new(Width, Height);

    /// <summary>1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.</summary>
    public int Channels { get; }

    public byte[] Pixels { get; }

    /// <summary>Gray is repeated, alpha dropped without compositing (PIL's <c>convert("RGB")</c>). An RGB image returns itself.</summary>
    public ImageBuffer ToRgb()
    {
        if (Channels == 3)
            return this;
        var rgb = new byte[checked(Width * Height * 3)];
        for (int source = 0, target = 0; target < rgb.Length; source += Channels, target += 3)
            for (var c = 0; c < 3; c++)
                rgb[target + c] = Pixels[Channels < 3 ? source : source + c];
        return new(Width, Height, 3, rgb);
    }
}
