using System.Buffers.Binary;

namespace Dashboard.Backend.Images.Decoding;

/// <summary>Which way up an image is handed over.</summary>
public enum ImageOrientation
{
    /// <summary>The pixels as the file stores them, as the authors' loaders (PIL without transposing) see them.</summary>
    AsStored,

    /// <summary>Turned by the EXIF orientation, as a camera's owner expects it.</summary>
    Upright,
}

/// <summary>The EXIF tag 0x0112 of a JPEG, PNG or WebP, 1..8, and what it asks for.</summary>
public static class ExifOrientation
{
    private const ushort Tag = 0x0112;
    private const byte App1 = 0xE1;

    /// <summary>1 where there is no tag or it makes no sense: a damaged EXIF block damages no pixel.</summary>
    public static int Read(ReadOnlySpan<byte> file, ImageFormat format)
    {
        if (format == ImageFormat.Png)
            return FileSegments.PngChunk(file, "eXIf"u8) is { Length: > 0 } chunk ? ReadTiff(chunk) : 1;
        if (format == ImageFormat.WebP)
            return FileSegments.WebPChunk(file, "EXIF"u8) is { Length: > 0 } exif ? ReadTiff(exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif) : 1;
        return format != ImageFormat.Jpeg ? 1 : FileSegments.Jpeg(file, App1, "Exif\0\0"u8) is { Length: > 0 } segment ? ReadTiff(segment) : 1;
    }

    /// <summary>The image turned upright (PIL's <c>ImageOps.exif_transpose</c>).</summary>
    /// <param name="orientation">1..8.</param>
    public static ImageBuffer Apply(ImageBuffer image, int orientation)
    {
        if (orientation is < 2 or > 8)
            return image;
        var (sideways, mirrored, upsideDown) = (orientation >= 5, orientation is 2 or 3 or 7 or 8, orientation is 3 or 4 or 6 or 7);
        var (width, height) = sideways ? (image.Height, image.Width) : (image.Width, image.Height);
        var (channels, pixels) = (image.Channels, new byte[image.Pixels.Length]);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (column, row) = sideways ? (y, x) : (x, y);
                column = mirrored ? image.Width - 1 - column : column;
                row = upsideDown ? image.Height - 1 - row : row;
                image.Pixels.AsSpan((row * image.Width + column) * channels, channels).CopyTo(pixels.AsSpan((y * width + x) * channels));
            }
        return new(width, height, channels, pixels);
    }

    private static int ReadTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return 1;
        var little = tiff[0] == (byte)'I';
        var directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return 1;
        var count = Short(tiff[(int)directory..], little);
        for (var entry = (int)directory + 2; count > 0 && entry + 12 <= tiff.Length; count--, entry += 12)
            if (Short(tiff[entry..], little) == Tag)
                return Short(tiff[(entry + 8)..], little) is var value and >= 1 and <= 8 ? value : 1;
        return 1;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
