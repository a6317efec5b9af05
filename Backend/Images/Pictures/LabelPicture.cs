using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images.Pictures;

/// <summary>Labels as colours.</summary>
public static class LabelPicture
{
    /// <summary>RGBA: VOC's colour of every label, and a background that lets everything through.</summary>
    public static ImageBuffer Of(LabelMap labels)
    {
        var pixels = new byte[4L * labels.Labels.Length];
        for (var i = 0; i < labels.Labels.Length; i++)
            if (labels.Labels[i] is var label and not LabelMap.Background)
            {
                (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]) = VocPalette.Colour(label);
                pixels[4 * i + 3] = byte.MaxValue;
            }
        return new(labels.Width, labels.Height, 4, pixels);
    }
}
