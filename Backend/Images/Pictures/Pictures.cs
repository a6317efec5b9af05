using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Dashboard.Backend.Images.Pictures;

/// <summary>
/// Pictures that only eyes see, made by ImageSharp: previews, thumbnails, overlays, animations. What is computed on comes from the exact decoders and
/// goes through the exact encoders of <see cref="ImageFile"/>. Thread-safe.
/// </summary>
public static class Pictures
{
    private static readonly Configuration Configuration = new();

    /// <param name="image">Any channels; alpha is dropped.</param>
    /// <param name="quality">1..100.</param>
    public static byte[] EncodeJpeg(ImageBuffer image, int quality = 90, bool subsampled = true)
    {
        using var picture = Load(image);
        return Encode(stream =>
            picture.Save(
                stream, new JpegEncoder { Quality = quality, ColorType = subsampled ? JpegColorType.YCbCrRatio420 : JpegColorType.YCbCrRatio444 }));
    }

    /// <param name="compression">zlib level, 0 fast to 9 small.</param>
    public static byte[] EncodePng(ImageBuffer image, int compression = 6)
    {
        var encoder = new PngEncoder { CompressionLevel = (PngCompressionLevel)compression };
        switch (image.Channels)
        {
            case 1:
                using (var gray = Image.LoadPixelData<L8>(Configuration, image.Pixels, image.Width, image.Height))
                    return Encode(stream => gray.Save(stream, encoder));
            case 2:
                encoder.ColorType = PngColorType.GrayscaleWithAlpha;
                using (var gray = Image.LoadPixelData<La16>(Configuration, image.Pixels, image.Width, image.Height))
                    return Encode(stream => gray.Save(stream, encoder));
            case 3:
                using (var rgb = Load(image))
                    return Encode(stream => rgb.Save(stream, encoder));
            default:
                // Colours below what is transparent are kept: the file is an image, too.
                encoder.TransparentColorMode = PngTransparentColorMode.Preserve;
                using (var rgba = Image.LoadPixelData<Rgba32>(Configuration, image.Pixels, image.Width, image.Height))
                    return Encode(stream => rgba.Save(stream, encoder));
        }
    }

    /// <summary>An animation that goes round for ever.</summary>
    /// <param name="frames">All of one size; at least one.</param>
    /// <param name="delay">How long each is seen; the last one three times as long.</param>
    public static byte[] EncodeGif(IReadOnlyList<ImageBuffer> frames, TimeSpan delay)
    {
        using var animation = Load(frames[0]);
        foreach (var frame in frames.Skip(1))
        {
            using var next = Load(frame);
            animation.Frames.AddFrame(next.Frames.RootFrame);
        }
        var hundredths = (int)(delay.TotalMilliseconds / 10);
        for (var i = 0; i < animation.Frames.Count; i++)
            animation.Frames[i].Metadata.GetGifMetadata().FrameDelay = i == animation.Frames.Count - 1 ? 3 * hundredths : hundredths;
        animation.Metadata.GetGifMetadata().RepeatCount = 0;
        return Encode(stream => animation.Save(stream, new GifEncoder { ColorTableMode = GifColorTableMode.Local }));
    }

    /// <summary>One picture over another: (1 - opacity) * below + opacity * above, where above is not transparent.</summary>
    /// <param name="below">Any channels; the result is RGB.</param>
    /// <param name="above">RGB or RGBA, of the same size.</param>
    /// <param name="opacity">0 shows what is below alone.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static ImageBuffer Overlay(ImageBuffer below, ImageBuffer above, double opacity)
    {
        if (below.Size != above.Size)
            throw new ArgumentException($"A picture of {above.Width}x{above.Height} cannot be laid over one of {below.Width}x{below.Height}.",
                nameof(above));
        using var picture = Load(below);
        using Image top = above.Channels == 4 ? Image.LoadPixelData<Rgba32>(Configuration, above.Pixels, above.Width, above.Height) : Load(above);
        picture.Mutate(Configuration, context => context.DrawImage(top, (float)opacity));
        return ToBuffer(picture);
    }

    internal static ImageBuffer ToBuffer(Image<Rgb24> picture)
    {
        var pixels = new byte[checked(3 * picture.Width * picture.Height)];
        picture.CopyPixelDataTo(pixels);
        return new(picture.Width, picture.Height, 3, pixels);
    }

    private static Image<Rgb24> Load(ImageBuffer image) => Image.LoadPixelData<Rgb24>(Configuration, image.ToRgb().Pixels, image.Width, image.Height);

    private static byte[] Encode(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }
}
