using Dashboard.Backend.Images.Labels;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images.Decoding;

/// <summary>An image in the layout its file has, with PIL 9.4's conversions to the layouts that the program computes with.</summary>
/// <param name="Pixels"><c>[Height, Width, Info.BytesPerPixel]</c>.</param>
/// <param name="Palette">RGBA of every index the file defines, <c>[entries, 4]</c>; empty unless <see cref="PixelLayout.Indexed"/>.</param>
public sealed record DecodedImage(string Name, ImageInfo Info, byte[] Pixels, byte[] Palette)
{
    /// <summary>Gray, gray+alpha, RGB or RGBA as the file has it; indexed, CMYK and 16-bit gray files become RGB.</summary>
    public ImageBuffer ToBuffer() => Info.Layout switch
    {
        PixelLayout.Gray => Buffer(1, Pixels),
        PixelLayout.GrayAlpha => Buffer(2, Pixels),
        PixelLayout.Rgba => Buffer(4, Pixels),
        _ => ToRgb(),
    };

    /// <summary>As <c>convert("RGB")</c>: alpha is dropped, not composited; indices beyond the palette are black. 16-bit gray is scaled to its
    /// high byte, where PIL clips it to white.</summary>
    /// <param name="every">Takes every n-th pixel, each way.</param>
    public ImageBuffer ToRgb(int every = 1)
    {
        if (Info.Layout == PixelLayout.Rgb && every == 1)
            return Buffer(3, Pixels);
        var (width, height) = ((Info.Width + every - 1) / every, (Info.Height + every - 1) / every);
        var rgb = new byte[checked(width * height * 3)];
        var step = Info.BytesPerPixel;
        for (int y = 0, target = 0; y < Info.Height; y += every)
            for (int x = 0, source = y * Info.Width * step; x < Info.Width; x += every, source += every * step, target += 3)
                (rgb[target], rgb[target + 1], rgb[target + 2]) = Rgb(Pixels.AsSpan(source, step));
        return new(width, height, 3, rgb);
    }

    /// <summary>As <c>convert("RGBA")</c> of a file with alpha or with an indexed palette; opaque otherwise.</summary>
    public ImageBuffer ToRgba()
    {
        if (Info.Layout == PixelLayout.Rgba)
            return Buffer(4, Pixels);
        var rgba = new byte[checked(Info.Width * Info.Height * 4)];
        var step = Info.BytesPerPixel;
        for (int source = 0, target = 0; target < rgba.Length; source += step, target += 4)
        {
            var pixel = Pixels.AsSpan(source, step);
            (rgba[target], rgba[target + 1], rgba[target + 2]) = Rgb(pixel);
            rgba[target + 3] = Info.Layout switch
            {
                PixelLayout.GrayAlpha => pixel[1],
                PixelLayout.Indexed when 4 * pixel[0] < Palette.Length => Palette[4 * pixel[0] + 3],
                _ => 255,
            };
        }
        return Buffer(4, rgba);
    }

    /// <summary>The label of every pixel, as <see cref="LabelDecoding"/> says.</summary>
    /// <param name="coding">Null: any label, and VOC's colours.</param>
    /// <exception cref="ImageException">The file cannot be a label map, or may mean two.</exception>
    public LabelMap ToLabels(LabelCoding? coding = null) => LabelDecoding.Read(this, coding ?? LabelCoding.Voc);

    private (byte R, byte G, byte B) Rgb(ReadOnlySpan<byte> pixel)
    {
        switch (Info.Layout)
        {
            case PixelLayout.Gray or PixelLayout.GrayAlpha:
                return (pixel[0], pixel[0], pixel[0]);
            case PixelLayout.Gray16:
                return (pixel[1], pixel[1], pixel[1]);
            case PixelLayout.Indexed:
                var entry = 4 * pixel[0];
                return entry < Palette.Length ? (Palette[entry], Palette[entry + 1], Palette[entry + 2]) : default;
            case PixelLayout.Cmyk:
                // Stored inverted: 255 - ink. PIL: light = 255 - K, R = light - C * light / 255.
                return (Light(pixel[0], pixel[3]), Light(pixel[1], pixel[3]), Light(pixel[2], pixel[3]));
            default:
                return (pixel[0], pixel[1], pixel[2]);
        }
    }

    private static byte Light(byte invertedInk, byte invertedBlack) =>
        (byte)(invertedBlack - Alpha.Multiply((byte)(255 - invertedInk), invertedBlack));

    private ImageBuffer Buffer(int channels, byte[] pixels) => new(Info.Width, Info.Height, channels, pixels);
}
