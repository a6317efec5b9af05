using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images.Pictures;

/// <summary>Labels as colours.</summary>
public static class LabelPicture
{
    /// <summary>RGBA: every class in its colour, and a background that lets everything through.</summary>
    /// <param name="labelNames">By label, background first.</param>
    /// <param name="alpha">Of the classes: below 255 what lies under them shows through.</param>
    public static ImageBuffer Of(LabelMap labels, IReadOnlyList<string> labelNames, byte alpha = byte.MaxValue)
    {
        var (pixels, palette) = (new byte[4L * labels.Labels.Length], ClassColours.Palette(labelNames));
        for (var i = 0; i < labels.Labels.Length; i++)
            if (labels.Labels[i] is var label and not LabelMap.Background)
            {
                palette.AsSpan(3 * label, 3).CopyTo(pixels.AsSpan(4 * i));
                pixels[4 * i + 3] = alpha;
            }
        return new(labels.Width, labels.Height, 4, pixels);
    }
}
