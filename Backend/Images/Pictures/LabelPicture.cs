using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images.Pictures;

/// <summary>Labels as colours.</summary>
public static class LabelPicture
{
    /// <summary>RGBA: every class in its colour, and a background that lets everything through.</summary>
    /// <param name="labelNames">By label, background first.</param>
    public static ImageBuffer Of(LabelMap labels, IReadOnlyList<string> labelNames)
    {
        var (pixels, palette) = (new byte[4L * labels.Labels.Length], ClassColours.Palette(labelNames));
        for (var i = 0; i < labels.Labels.Length; i++)
            if (labels.Labels[i] is var label and not LabelMap.Background)
            {
                palette.AsSpan(3 * label, 3).CopyTo(pixels.AsSpan(4 * i));
                pixels[4 * i + 3] = byte.MaxValue;
            }
        return new(labels.Width, labels.Height, 4, pixels);
    }
}
