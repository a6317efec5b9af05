using Dashboard.Backend.Images.Resizing;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images.Pictures;

/// <summary>A small picture of an image under the colours of its labels, for people to look at.</summary>
public static class LabelOverlay
{
    private const int Quality = 80;

    /// <summary>How much the labels' colours cover the image, 0..1.</summary>
    private const double Opacity = 0.6;

    /// <param name="labels">Of any size: they are laid over the whole image. Null: the image alone.</param>
    /// <param name="labelNames">By label, background first.</param>
    /// <param name="side">Long side of the picture in pixels; a smaller image stays as it is.</param>
    /// <returns>A JPEG.</returns>
    public static byte[] Draw(ImageBuffer image, LabelMap? labels, IReadOnlyList<string> labelNames, int side)
    {
        var small = Resampling.Resize(image, image.Size.Within(side), ResampleFilter.Bilinear);
        if (labels is not null)
            small = Pictures.Overlay(small, LabelPicture.Of(Reduce(labels, small.Size), labelNames), Opacity);
        return Pictures.EncodeJpeg(small, Quality, subsampled: false);
    }

    private static LabelMap Reduce(LabelMap labels, ImageSize size) =>
        new(size.Width, size.Height,
            Resampling.Resize(new ImageBuffer(labels.Width, labels.Height, 1, labels.Labels), size, ResampleFilter.Nearest).Pixels);
}
