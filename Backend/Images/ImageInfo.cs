using Dashboard.Backend.Images.Decoding;

namespace Dashboard.Backend.Images;

public enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Bmp,
    Gif,
}

/// <summary>What one decoded pixel consists of. The same numbers as in native/images.h.</summary>
public enum PixelLayout
{
    /// <summary>8 bits; PNG levels of 1, 2 or 4 bits scaled to 0..255.</summary>
    Gray = 0,
    GrayAlpha = 1,
    Rgb = 2,
    Rgba = 3,

    /// <summary>One palette index, 8 bits.</summary>
    Indexed = 4,

    /// <summary>Four inks as the file stores them (JPEG: inverted by Adobe's convention).</summary>
    Cmyk = 5,

    /// <summary>One 16-bit level, little-endian. PNG colour of 16 bits is reduced to its high byte, as PIL does.</summary>
    Gray16 = 6,
}

/// <summary>What an image file's header says.</summary>
/// <param name="Width">As stored, before any EXIF rotation; so is <paramref name="Height"/>.</param>
/// <param name="BitDepth">Bits a sample in the file: 1, 2, 4, 8 or 16 for PNG, 8 for all others.</param>
/// <param name="Orientation">EXIF orientation 1..8; 1 where the file has none.</param>
public sealed record ImageInfo(ImageFormat Format, int Width, int Height, PixelLayout Layout, int BitDepth, int Orientation)
{
    public ImageSize Size => new(Width, Height);

    /// <summary>The size when it is turned.</summary>
    public ImageSize SizeAs(ImageOrientation orientation) =>
        orientation == ImageOrientation.Upright && Orientation >= 5 ? new(Height, Width) : new(Width, Height);

    public long Pixels => (long)Width * Height;

    /// <summary>What is left of a JPEG that is decoded smaller; all of any other file.</summary>
    /// <param name="reduction">1, 2, 4 or 8.</param>
    public ImageInfo ReducedBy(int reduction) => Format != ImageFormat.Jpeg ? this : this with
    {
        Width = (Width + reduction - 1) / reduction,
        Height = (Height + reduction - 1) / reduction,
    };

    /// <summary>What the decoder itself takes, beside its result.</summary>
    public int WorkingBytesPerPixel { get; init; }

    /// <summary>Bytes that decoding takes at most.</summary>
    /// <param name="channels">Of the result, where it is another array than the decoded one.</param>
    public long DecodingBytes(int channels) => Pixels * (BytesPerPixel + channels + WorkingBytesPerPixel + (Orientation > 1 ? channels : 0));

    public int BytesPerPixel => Layout switch
    {
        PixelLayout.Gray or PixelLayout.Indexed => 1,
        PixelLayout.GrayAlpha or PixelLayout.Gray16 => 2,
        PixelLayout.Rgb => 3,
        _ => 4,
    };
}
