using System.Buffers.Binary;
using Dashboard.Backend.Images.Decoding;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace Dashboard.Backend.Images.Pictures;

/// <summary>
/// Reads WebP, BMP and GIF, of an animation the first frame. Knows no other format: JPEG and PNG have exact decoders, and ImageSharp's reader of TIFF
/// has known flaws. Profiles and other metadata are not looked at. Thread-safe.
/// </summary>
internal static class PictureDecoder
{
    /// <summary>Of ImageSharp, beside its result.</summary>
    private const int WorkingBytesPerPixel = 8;

    private static readonly Configuration Formats = Make();

    /// <exception cref="ImageException">The header is damaged, or declares more than the limits.</exception>
    public static ImageInfo ReadInfo(ReadOnlySpan<byte> file, ImageFormat format, string name, ImageLimits limits)
    {
        var size =
            Guard(file, format, name, stream => Image.Identify(Formats, stream) is { } info ? new ImageSize(info.Width, info.Height) : default);
        if (size == default)
            throw Damaged(name, format, "its header makes no sense");
        limits.Require(name, size.Width, size.Height);
        return new(format, size.Width, size.Height, PixelLayout.Rgb, 8,
            ExifOrientation.Read(file, format)) { WorkingBytesPerPixel = WorkingBytesPerPixel };
    }

    /// <summary>RGB; alpha is dropped.</summary>
    /// <exception cref="ImageException">The file is damaged, ends early, or declares more than the limits.</exception>
    public static DecodedImage Decode(ReadOnlySpan<byte> file, ImageFormat format, string name, ImageLimits limits)
    {
        var info = ReadInfo(file, format, name, limits);
        if (!IsWhole(file, format))
            throw Damaged(name, format, "it ends before the image does");
        var pixels = Guard(file, format, name, stream =>
        {
            using var picture = Image.Load<Rgb24>(Formats, stream);
            return Pictures.ToBuffer(picture);
        });
        return pixels.Size == info.Size
            ? new(name, info, pixels.Pixels, [])
            : throw Damaged(name, format, "its size is not the one its header declared");
    }

    /// <summary>ImageSharp fills up what is missing; the formats say how long they are.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> file, ImageFormat format) => format switch
    {
        ImageFormat.WebP => BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) <= file.Length - 8,
        ImageFormat.Gif => file.TrimEnd((byte)0) is [.., 0x3B],
        _ => BinaryPrimitives.ReadUInt32LittleEndian(file[2..]) <= file.Length,
    };

    /// <summary>A hostile file may make a decoder throw anything; whatever it is, the file is at fault.</summary>
    private static unsafe T Guard<T>(ReadOnlySpan<byte> file, ImageFormat format, string name, Func<Stream, T> read)
    {
        fixed (byte* start = file)
        {
            using var stream = new UnmanagedMemoryStream(start, file.Length);
            try
            {
                return read(stream);
            }
            catch (Exception error) when (error is not (OutOfMemoryException or ImageException))
            {
                throw Damaged(name, format, error.Message.TrimEnd('.', ' '), error);
            }
        }
    }

    private static ImageException Damaged(string name, ImageFormat format, string reason, Exception? inner = null) =>
        new($"{name} is damaged or truncated ({format}): {reason}.", inner);

    private static Configuration Make()
    {
        var formats = new Configuration();
        formats.ImageFormatsManager.SetDecoder(GifFormat.Instance, new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First });
        formats.ImageFormatsManager.SetDecoder(WebpFormat.Instance, new WebpDecoder { IgnoreMetadata = true });
        formats.ImageFormatsManager.SetDecoder(BmpFormat.Instance, new BmpDecoder());
        formats.ImageFormatsManager.AddImageFormatDetector(new GifImageFormatDetector());
        formats.ImageFormatsManager.AddImageFormatDetector(new WebpImageFormatDetector());
        formats.ImageFormatsManager.AddImageFormatDetector(new BmpImageFormatDetector());
        return formats;
    }
}
