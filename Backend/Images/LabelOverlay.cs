using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images;

/// <summary>A small picture of an image under the colours of its labels, for people to look at.</summary>
public static class LabelOverlay
{
    private const int Quality = 80;

    /// <summary>How much the labels' colours cover the image, 0..1.</summary>
    private const double Opacity = 0.6;

    /// <param name="labels">Of any size: they are laid over the whole image. Null: the image alone.</param>
    /// <param name="side">Long side of the picture in pixels; a smaller image stays as it is.</param>
    /// <returns>A JPEG.</returns>
    public static byte[] Draw(ImageBuffer image, LabelMap? labels, int side)
    {
        var size = Math.Max(image.Width, image.Height) > side ? image.Size.WithLongSide(side) : image.Size;
        var small = Resampling.Resize(image, Math.Max(1, size.Width), Math.Max(1, size.Height), ResampleFilter.Bilinear);
        var pixels = small.Pixels.ToArray();
        if (labels is not null)
            Cover(pixels, Resampling.Resize(new ImageBuffer(labels.Width, labels.Height, 1, labels.Labels), small.Width, small.Height, ResampleFilter.Nearest).Pixels);
        return ImageFile.EncodeJpeg(new ImageBuffer(small.Width, small.Height, 3, pixels), Quality, ChromaSubsampling.None);
    }

    private static void Cover(byte[] pixels, byte[] labels)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == LabelMap.Background)
                continue;
            var (r, g, b) = VocPalette.Colour(labels[i]);
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = (Blend(pixels[3 * i], r), Blend(pixels[3 * i + 1], g), Blend(pixels[3 * i + 2], b));
        }
    }

    private static byte Blend(byte under, byte over) => (byte)Math.Round((1 - Opacity) * under + Opacity * over);
}
