using Dashboard.Backend.Files;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Images.Labels;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images;

/// <summary>
/// Image files by path: what data sets, methods and pages call. Thread-safe; whatever is decoded takes its memory from
/// <see cref="ImageMemory.Shared"/>. Everything here throws <see cref="ImageException"/>, with the file's name and the reason, for a file that is
/// missing, truncated, corrupt, mislabelled, of no format that is read, or larger than <see cref="ImageLimits.Default"/>.
/// </summary>
public static class ImageFile
{
    public static IImageCodec Codec { get; } = new ImageCodec(new NativeImageCodec());

    /// <summary>Three channels, as PIL's <c>convert("RGB")</c>; 16-bit gray by its high byte.</summary>
    public static ImageBuffer ReadRgb(string path, ImageOrientation orientation = ImageOrientation.AsStored) => ReadRgb(path, _ => orientation);

    /// <inheritdoc cref="ReadRgb(string, ImageOrientation)"/>
    /// <param name="orientation">Asked when the header has been read.</param>
    /// <param name="reduction">
    /// Of the stored size, how much smaller a JPEG may be decoded: 1, 2, 4 or 8. Null: it is decoded whole, to the bit as Pillow does.
    /// </param>
    public static ImageBuffer ReadRgb(string path, Func<ImageInfo, ImageOrientation> orientation, Func<ImageSize, int>? reduction = null)
    {
        using var source = ImageSource.Open(path);
        using var turn = ImageMemory.Shared.Take(path, source.Length + source.Info.DecodingBytes(channels: 3));
        var decoded = Codec.Decode(source.ReadAll(), path, ImageLimits.Default, reduction?.Invoke(source.Info.Size) ?? 1);
        return turn.Keep(Turn(decoded.ToRgb(), decoded.Info, orientation(decoded.Info)), 3 * decoded.Info.Pixels);
    }

    /// <summary>
    /// A small RGB picture for eyes, of at most <paramref name="side"/> pixels a side: a large file takes no more memory than its own pixels.
    /// </summary>
    public static ImageBuffer ReadReduced(string path, int side, Func<ImageInfo, ImageOrientation> orientation)
    {
        using var source = ImageSource.Open(path);
        using var turn = ImageMemory.Shared.Take(path, source.Length + source.Info.DecodingBytes(channels: 0));
        var decoded = Codec.Decode(source.ReadAll(), path, ImageLimits.Default);
        // Four times the picture's pixels each way are as good as all.
        var rgb = decoded.ToRgb(every: Math.Max(1, decoded.Info.Size.Long / (4 * side)));
        var reduced = Resampling.Resize(rgb, decoded.Info.Size.Within(side), ResampleFilter.Bilinear);
        return turn.Keep(Turn(reduced, decoded.Info, orientation(decoded.Info)), 0);
    }

    /// <summary>Gray, gray+alpha, RGB or RGBA as the file has it; indexed, CMYK and 16-bit gray files as RGB.</summary>
    public static ImageBuffer Read(string path, ImageOrientation orientation = ImageOrientation.AsStored)
    {
        using var source = ImageSource.Open(path);
        using var turn = ImageMemory.Shared.Take(path, source.Length + source.Info.DecodingBytes(channels: 4));
        var decoded = Codec.Decode(source.ReadAll(), path, ImageLimits.Default);
        return turn.Keep(Turn(decoded.ToBuffer(), decoded.Info, orientation), 4 * decoded.Info.Pixels);
    }

    /// <summary>The header only: size as stored, layout, EXIF orientation.</summary>
    public static ImageInfo ReadInfo(string path)
    {
        using var source = ImageSource.Open(path);
        return source.Info;
    }

    /// <summary>Size as stored, from the header only.</summary>
    public static ImageSize ReadSize(string path) => ReadInfo(path).Size;

    /// <summary>
    /// A label map, as <see cref="LabelDecoding"/> says: a PNG's indices or gray levels, or colours that the data set or VOC gives a label.
    /// </summary>
    /// <param name="coding">Null: any label, and VOC's colours.</param>
    public static LabelMap ReadLabels(string path, LabelCoding? coding = null)
    {
        using var source = ImageSource.Open(path);
        using var turn = ImageMemory.Shared.Take(path, source.Length + source.Info.DecodingBytes(channels: 1));
        return turn.Keep(Codec.Decode(source.ReadAll(), path, ImageLimits.Default).ToLabels(coding), source.Info.Pixels);
    }

    /// <summary>The file in its own layout, palette included.</summary>
    public static DecodedImage Decode(ReadOnlySpan<byte> file, string name)
    {
        var info = Codec.ReadInfo(file, name, ImageLimits.Default);
        using var turn = ImageMemory.Shared.Take(name, info.DecodingBytes(channels: 0));
        return turn.Keep(Codec.Decode(file, name, ImageLimits.Default), info.DecodingBytes(channels: 0));
    }

    /// <param name="name">For messages.</param>
    /// <param name="limits">Null: the default ones.</param>
    public static ImageBuffer DecodeRgb(ReadOnlySpan<byte> file, string name, ImageOrientation orientation = ImageOrientation.AsStored,
        ImageLimits? limits = null)
    {
        var info = Codec.ReadInfo(file, name, limits ?? ImageLimits.Default);
        using var turn = ImageMemory.Shared.Take(name, info.DecodingBytes(channels: 3));
        var decoded = Codec.Decode(file, name, limits ?? ImageLimits.Default);
        return turn.Keep(Turn(decoded.ToRgb(), decoded.Info, orientation), 3 * info.Pixels);
    }

    /// <summary>8-bit indexed PNG: the indices are the labels. Whole or not there.</summary>
    /// <param name="palette">RGB triples; the VOC palette where none is given.</param>
    public static void WriteLabels(string path, LabelMap labels, byte[]? palette = null) =>
        WholeFile.Write(path, file => file.Write(EncodeLabels(labels, palette)));

    public static void WritePng(string path, ImageBuffer image) => File.WriteAllBytes(path, EncodePng(image));

    /// <param name="quality">1..100.</param>
    public static void WriteJpeg(string path, ImageBuffer image, int quality = 90, ChromaSubsampling subsampling = ChromaSubsampling.Both) =>
        File.WriteAllBytes(path, EncodeJpeg(image, quality, subsampling));

    public static byte[] EncodeLabels(LabelMap labels, byte[]? palette = null, int compression = 6) =>
        Codec.EncodeIndexedPng(labels.Width, labels.Height, labels.Labels, palette ?? VocPalette.Rgb, compression);

    /// <param name="compression">zlib level, 0 fast to 9 small.</param>
    public static byte[] EncodePng(ImageBuffer image, int compression = 6) => Pictures.Pictures.EncodePng(image, compression);

    public static byte[] EncodeJpeg(ImageBuffer image, int quality = 90, ChromaSubsampling subsampling = ChromaSubsampling.Both) =>
        Codec.EncodeJpeg(image, quality, subsampling);

    private static ImageBuffer Turn(ImageBuffer image, ImageInfo info, ImageOrientation orientation) =>
        orientation == ImageOrientation.Upright ? ExifOrientation.Apply(image, info.Orientation) : image;
}
