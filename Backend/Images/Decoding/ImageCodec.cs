using Dashboard.Backend.Images.Pictures;

namespace Dashboard.Backend.Images.Decoding;

/// <summary>
/// Reads every format, each by its own decoder: JPEG and PNG by the exact one, to the bit as the authors' code; WebP, BMP and GIF by ImageSharp.
/// </summary>
internal sealed class ImageCodec(IImageCodec exact) : IImageCodec
{
    public ImageInfo ReadInfo(ReadOnlySpan<byte> file, string name, ImageLimits limits) =>
        FileSignature.Recognise(file, name) is var format && IsExact(format)
        ? exact.ReadInfo(file, name, limits)
        : PictureDecoder.ReadInfo(file, format, name, limits);

    public DecodedImage Decode(ReadOnlySpan<byte> file, string name, ImageLimits limits, int reduction = 1) =>
        FileSignature.Recognise(file, name) is var format && IsExact(format)
        ? exact.Decode(file, name, limits, reduction)
        : PictureDecoder.Decode(file, format, name, limits);

    public byte[] EncodeIndexedPng(int width, int height, ReadOnlySpan<byte> indices, ReadOnlySpan<byte> palette, int compression) =>
        exact.EncodeIndexedPng(width, height, indices, palette, compression);

    public byte[] EncodeJpeg(ImageBuffer image, int quality, ChromaSubsampling subsampling) => exact.EncodeJpeg(image, quality, subsampling);

    private static bool IsExact(ImageFormat format) => format is ImageFormat.Jpeg or ImageFormat.Png;
}
