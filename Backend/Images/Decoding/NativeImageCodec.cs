using System.Runtime.InteropServices;
using Header = Dashboard.Backend.Images.Decoding.NativeImages.Header;

namespace Dashboard.Backend.Images.Decoding;

/// <summary>libjpeg-turbo and libpng; .NET's zlib for what it reads faster (<see cref="PlainPng"/>).</summary>
public sealed unsafe class NativeImageCodec : IImageCodec
{
    private const int LargestJpegSide = 65_500;

    /// <summary>A progressive JPEG is held whole, as 16-bit coefficients of three components.</summary>
    private const int ProgressiveBytesPerPixel = 6;

    public ImageInfo ReadInfo(ReadOnlySpan<byte> file, string name, ImageLimits limits) => ReadHeader(file, name, limits, out _);

    public DecodedImage Decode(ReadOnlySpan<byte> file, string name, ImageLimits limits, int reduction = 1)
    {
        var info = ReadHeader(file, name, limits, out var palette).ReducedBy(reduction);
        var size = (long)info.Width * info.Height * info.BytesPerPixel;
        var pixels = GC.AllocateUninitializedArray<byte>(checked((int)size));
        if (info.Format == ImageFormat.Png && PlainPng.TryDecode(file, info, pixels))
            return new(name, info, pixels, palette);
        var message = stackalloc byte[NativeImages.MessageLength];
        fixed (byte* data = file, target = pixels)
        {
            // libjpeg holds a progressive file as 16-bit coefficients of up to four components, in whole blocks.
            var status = info.Format == ImageFormat.Jpeg
                ? NativeImages.JpegDecode(data, (nuint)file.Length, reduction, target, (nuint)size, limits.MaxPixels * 8 + (16 << 20), message)
                : NativeImages.PngDecode(data, (nuint)file.Length, target, (nuint)size, message);
            if (status != 0)
                throw Damaged(name, info.Format, message);
        }
        return new(name, info, pixels, palette);
    }

    public byte[] EncodeIndexedPng(int width, int height, ReadOnlySpan<byte> indices, ReadOnlySpan<byte> palette, int compression)
    {
        if (palette.Length is 0 or > 768 || palette.Length % 3 != 0)
            throw new ArgumentException($"A palette is 1 to 256 RGB triples, not {palette.Length} bytes.", nameof(palette));
        byte* encoded = null;
        nuint size = 0;
        var message = stackalloc byte[NativeImages.MessageLength];
        fixed (byte* source = indices, colours = palette)
            if (NativeImages.PngEncode(source, width, height, colours, palette.Length / 3, compression, &encoded, &size, message) != 0)
                throw new ArgumentException($"The image cannot be written as PNG: {Text(message)}.", nameof(indices));
        return Take(encoded, size);
    }

    public byte[] EncodeJpeg(ImageBuffer image, int quality, ChromaSubsampling subsampling)
    {
        if (image.Channels is not (1 or 3))
            throw new ArgumentException($"A JPEG is gray or RGB; this image has {image.Channels} channels.", nameof(image));
        if (image.Width is < 1 or > LargestJpegSide || image.Height is < 1 or > LargestJpegSide)
            throw new ArgumentException($"A JPEG's sides are 1 to {LargestJpegSide} pixels, not {image.Width}x{image.Height}.", nameof(image));
        var horizontal = subsampling == ChromaSubsampling.None ? 1 : 2;
        var vertical = subsampling == ChromaSubsampling.Both ? 2 : 1;
        byte* encoded = null;
        nuint size = 0;
        var message = stackalloc byte[NativeImages.MessageLength];
        fixed (byte* pixels = image.Pixels)
            if (NativeImages.JpegEncode(pixels, image.Width, image.Height, image.Channels, quality, horizontal, vertical, &encoded, &size,
                message) != 0)
                throw new ArgumentException($"The image cannot be written as JPEG: {Text(message)}.", nameof(image));
        return Take(encoded, size);
    }

    private static ImageInfo ReadHeader(ReadOnlySpan<byte> file, string name, ImageLimits limits, out byte[] palette)
    {
        var format = FileSignature.Recognise(file, name);
        Header header;
        var message = stackalloc byte[NativeImages.MessageLength];
        fixed (byte* data = file)
        {
            var status = format == ImageFormat.Jpeg
                ? NativeImages.JpegHeader(data, (nuint)file.Length, &header, message)
                : NativeImages.PngHeader(data, (nuint)file.Length, &header, message);
            if (status != 0)
                throw Damaged(name, format, message);
        }
        limits.Require(name, header.Width, header.Height);
        palette = new ReadOnlySpan<byte>(header.Palette, 4 * header.PaletteCount).ToArray();
        var orientation = ExifOrientation.Read(file, format);
        return new(format, header.Width, header.Height, (PixelLayout)header.Layout, header.BitDepth, orientation)
        {
            WorkingBytesPerPixel = format == ImageFormat.Jpeg && FileSegments.IsProgressive(file) ? ProgressiveBytesPerPixel : 0,
        };
    }

    private static ImageException Damaged(string name, ImageFormat format, byte* message) =>
        new($"{name} is damaged or truncated ({format.ToString().ToUpperInvariant()}): {Text(message)}.");

    private static string Text(byte* message) => Marshal.PtrToStringUTF8((nint)message)!.TrimEnd('.', ' ');

    private static byte[] Take(byte* encoded, nuint size)
    {
        try
        {
            return new ReadOnlySpan<byte>(encoded, checked((int)size)).ToArray();
        }
        finally
        {
            NativeImages.Free(encoded);
        }
    }
}
