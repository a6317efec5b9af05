using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images;

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

    /// <summary>As <c>convert("RGB")</c>: alpha is dropped, not composited; 16-bit gray is clipped at 255, not scaled; indices beyond the palette are black.</summary>
    public ImageBuffer ToRgb()
    {
        if (Info.Layout == PixelLayout.Rgb)
            return Buffer(3, Pixels);
        var rgb = new byte[checked(Info.Width * Info.Height * 3)];
        var step = Info.BytesPerPixel;
        for (int source = 0, target = 0; target < rgb.Length; source += step, target += 3)
            (rgb[target], rgb[target + 1], rgb[target + 2]) = Rgb(Pixels.AsSpan(source, step));
        return Buffer(3, rgb);
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

    /// <summary>The label of every pixel: an indexed file's index, never its colour; a gray file's level.</summary>
    /// <exception cref="ImageException">The file is lossy, has colours or alpha, or levels above 255.</exception>
    public LabelMap ToLabels()
    {
        if (Info.Format == ImageFormat.Jpeg)
            throw new ImageException($"{Name} is a JPEG, whose lossy compression changes labels. Store label maps as indexed or grayscale PNG.");
        return Info.Layout switch
        {
            PixelLayout.Indexed or PixelLayout.Gray => new(Info.Width, Info.Height, Pixels),
            PixelLayout.Gray16 => new(Info.Width, Info.Height, LowBytes()),
            _ => throw new ImageException(
                $"{Name} is a colour image ({Info.Layout}), not a label map. Store the label of each pixel as palette index (indexed PNG) or as gray level."),
        };
    }

    private byte[] LowBytes()
    {
        var labels = new byte[Pixels.Length / 2];
        for (var i = 0; i < labels.Length; i++)
        {
            if (Pixels[2 * i + 1] != 0)
                throw new ImageException($"{Name} holds the label {Pixels[2 * i] | Pixels[2 * i + 1] << 8}. Labels are 0 to 254, and 255 for ignore.");
            labels[i] = Pixels[2 * i];
        }
        return labels;
    }

    private (byte R, byte G, byte B) Rgb(ReadOnlySpan<byte> pixel)
    {
        switch (Info.Layout)
        {
            case PixelLayout.Gray or PixelLayout.GrayAlpha:
                return (pixel[0], pixel[0], pixel[0]);
            case PixelLayout.Gray16:
                var clipped = pixel[1] == 0 ? pixel[0] : (byte)255;
                return (clipped, clipped, clipped);
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

    private static byte Light(byte invertedInk, byte invertedBlack) => (byte)(invertedBlack - Alpha.Multiply((byte)(255 - invertedInk), invertedBlack));

    private ImageBuffer Buffer(int channels, byte[] pixels) => new(Info.Width, Info.Height, channels, pixels);
}
