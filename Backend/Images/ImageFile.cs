using Dashboard.Backend.Files;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images;

/// <summary>
/// Image files by path: what data sets, methods and pages call. Thread-safe.
/// Everything here throws <see cref="ImageException"/>, with the file's name and the reason, for a file that is missing, truncated, corrupt,
/// mislabelled, neither JPEG nor PNG, or larger than <see cref="ImageLimits.Default"/>.
/// </summary>
public static class ImageFile
{
    /// <summary>Enough for the header of most files.</summary>
    private const int HeaderBytes = 64 << 10;

    public static IImageCodec Codec { get; } = new NativeImageCodec();

    /// <summary>Three channels, as PIL's <c>convert("RGB")</c>.</summary>
    /// <param name="orientation">As stored for training, as in the authors' code; upright for people who look at photographs.</param>
    public static ImageBuffer ReadRgb(string path, ImageOrientation orientation = ImageOrientation.AsStored) => DecodeRgb(ReadBytes(path), path, orientation);

    /// <summary>Gray, gray+alpha, RGB or RGBA as the file has it; indexed, CMYK and 16-bit gray files as RGB.</summary>
    public static ImageBuffer Read(string path, ImageOrientation orientation = ImageOrientation.AsStored)
    {
        var decoded = Decode(ReadBytes(path), path);
        return Turn(decoded.ToBuffer(), decoded.Info, orientation);
    }

    /// <summary>The header only: size as stored, layout, EXIF orientation.</summary>
    public static ImageInfo ReadInfo(string path)
    {
        var start = ReadBytes(path, HeaderBytes);
        try
        {
            return Codec.ReadInfo(start, path, ImageLimits.Default);
        }
        catch (ImageException) when (start.Length == HeaderBytes)
        {
            // A large profile or thumbnail before the image's own header.
            return Codec.ReadInfo(ReadBytes(path), path, ImageLimits.Default);
        }
    }

    /// <summary>Size as stored, from the header only.</summary>
    public static ImageSize ReadSize(string path) => ReadInfo(path).Size;

    /// <summary>A label map: an indexed PNG's indices, never its colours, or a grayscale PNG's levels. Images with colours are refused.</summary>
    public static LabelMap ReadLabels(string path) => Decode(ReadBytes(path), path).ToLabels();

    /// <summary>The file in its own layout, palette included.</summary>
    public static DecodedImage Decode(ReadOnlySpan<byte> file, string name) => Codec.Decode(file, name, ImageLimits.Default);

    /// <param name="name">For messages.</param>
    /// <param name="limits">Null: the default ones.</param>
    public static ImageBuffer DecodeRgb(ReadOnlySpan<byte> file, string name, ImageOrientation orientation = ImageOrientation.AsStored, ImageLimits? limits = null)
    {
        var decoded = Codec.Decode(file, name, limits ?? ImageLimits.Default);
        return Turn(decoded.ToRgb(), decoded.Info, orientation);
    }

    /// <summary>8-bit indexed PNG: the indices are the labels. Whole or not there.</summary>
    /// <param name="palette">RGB triples; the VOC palette where none is given.</param>
    public static void WriteLabels(string path, LabelMap labels, byte[]? palette = null) => WholeFile.Write(path, file => file.Write(EncodeLabels(labels, palette)));

    public static void WritePng(string path, ImageBuffer image) => File.WriteAllBytes(path, EncodePng(image));

    /// <param name="quality">1..100.</param>
    public static void WriteJpeg(string path, ImageBuffer image, int quality = 90, ChromaSubsampling subsampling = ChromaSubsampling.Both) =>
        File.WriteAllBytes(path, EncodeJpeg(image, quality, subsampling));

    public static byte[] EncodeLabels(LabelMap labels, byte[]? palette = null, int compression = 6) =>
        Codec.EncodeIndexedPng(labels.Width, labels.Height, labels.Labels, palette ?? VocPalette.Rgb, compression);

    /// <param name="compression">zlib level, 0 fast to 9 small.</param>
    public static byte[] EncodePng(ImageBuffer image, int compression = 6) => Codec.EncodePng(image, compression);

    public static byte[] EncodeJpeg(ImageBuffer image, int quality = 90, ChromaSubsampling subsampling = ChromaSubsampling.Both) =>
        Codec.EncodeJpeg(image, quality, subsampling);

    private static ImageBuffer Turn(ImageBuffer image, ImageInfo info, ImageOrientation orientation) =>
        orientation == ImageOrientation.Upright ? ExifOrientation.Apply(image, info.Orientation) : image;

    private static byte[] ReadBytes(string path, int atMost = int.MaxValue)
    {
        try
        {
            using var file = RegularFile.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > ImageLimits.Default.MaxFileBytes)
                throw new ImageException($"{path} has {length >> 20} MB; the limit for an image file is {ImageLimits.Default.MaxFileBytes >> 20} MB.");
            var bytes = new byte[Math.Min(length, atMost)];
            for (int done = 0, read; done < bytes.Length; done += read)
                if ((read = RandomAccess.Read(file, bytes.AsSpan(done), done)) == 0)
                    throw new ImageException($"{path} shrank while it was read.");
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ImageException(error is UnreadableFileException ? error.Message : $"{path} cannot be read: {error.Message}", error);
        }
    }
}
