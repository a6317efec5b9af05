using Dashboard.Backend.Images.Decoding;

namespace Dashboard.Backend.Images.Labels;

/// <summary>Label maps that are drawn in colours: labelme's and CVAT's pictures of masks.</summary>
internal static class ColourLabels
{
    /// <summary>
    /// Every colour must be one that the data set or VOC gives a label. A gray label map that was saved with three channels is read by its levels.
    /// </summary>
    /// <exception cref="ImageException">A colour has no label, or one beyond the classes: names it and its pixel.</exception>
    public static byte[] Read(DecodedImage image, LabelCoding coding)
    {
        var hasAlpha = image.Info.Layout == PixelLayout.Rgba;
        var isGray = true;
        for (var i = 0; i < image.Info.Pixels; i++)
        {
            var colour = Colour(image, i);
            if (hasAlpha)
                LabelDecoding.RequireOpaque(image, i, image.Pixels[4 * i + 3], colour);
            isGray &= LabelDecoding.IsGray(colour);
        }
        return isGray && !coding.HasOwnColours && Levels(image, coding) is { } levels ? levels : ByColour(image, coding);
    }

    private static int Colour(DecodedImage image, int pixel)
    {
        var at = pixel * image.Info.BytesPerPixel;
        return image.Pixels[at] << 16 | image.Pixels[at + 1] << 8 | image.Pixels[at + 2];
    }

    /// <summary>Null where a level is not a label of the data set's, or a colour of VOC's.</summary>
    private static byte[]? Levels(DecodedImage image, LabelCoding coding)
    {
        var labels = new byte[image.Info.Pixels];
        var hasLabel = false;
        for (var i = 0; i < labels.Length; i++)
        {
            var colour = Colour(image, i);
            labels[i] = (byte)colour;
            if (labels[i] is 0 or 255)
                continue;
            if (labels[i] > (coding.Classes ?? 0) || coding.Colours.ContainsKey(colour))
                return null;
            hasLabel = true;
        }
        return hasLabel ? labels : null;
    }

    private static byte[] ByColour(DecodedImage image, LabelCoding coding)
    {
        var labels = new byte[image.Info.Pixels];
        var (last, label) = (-1, (byte)0);
        for (var i = 0; i < labels.Length; i++)
        {
            if (Colour(image, i) is var colour && colour != last)
                (last, label) = (colour, LabelOf(image, colour, i, coding));
            labels[i] = label;
        }
        return labels;
    }

    private static byte LabelOf(DecodedImage image, int colour, int pixel, LabelCoding coding)
    {
        var what =
            $"{image.Name} is not a label map: it has the colour {LabelDecoding.Hex(colour)} at x {pixel % image.Info.Width}, y "
            + $"{pixel / image.Info.Width}";
        if (!coding.Colours.TryGetValue(colour, out var label))
            throw new ImageException($"{what}, which is none of {(coding.HasOwnColours ? "those in labelmap.txt" : "VOC's")}. "
                + "Store the label of each pixel as palette index (indexed PNG) or as gray level, or list the colours in labelmap.txt.");
        return label == 255 || coding.Classes is not { } classes || label <= classes ? label
            : throw new ImageException($"{what}, VOC's of label {label}, but classes go from 1 to {classes}. Correct the mask, or list all classes.");
    }
}
