using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets;

/// <summary>Reads an image of a data set and its mask so that they fit each other, for training, inference, scoring and viewing.</summary>
public static class SampleImage
{
    /// <summary>
    /// Images are read upright: labelme, CVAT and all viewers turn a photograph by its EXIF orientation, and so masks are drawn. Only a mask whose
    /// size fits the stored image alone was drawn on that.
    /// </summary>
    /// <param name="info">The image's header.</param>
    public static ImageOrientation OrientationOf(this Sample sample, ImageInfo info)
    {
        var upright = info.SizeAs(ImageOrientation.Upright);
        if (upright == info.Size || sample.MaskPath is not { } mask)
            return ImageOrientation.Upright;
        try
        {
            return (sample.Drawn is { } drawn ? drawn.Size : ImageFile.ReadSize(mask)) == info.Size
                ? ImageOrientation.AsStored
                : ImageOrientation.Upright;
        }
        catch (ImageException)
        {
            // Reading the mask reports it.
            return ImageOrientation.Upright;
        }
    }

    /// <exception cref="ImageException">The image cannot be read.</exception>
    /// <param name="reduction">As of <see cref="ImageFile.ReadRgb(string, Func{ImageInfo, ImageOrientation}, Func{ImageSize, int})"/>.</param>
    public static ImageBuffer ReadRgb(this Sample sample, Func<ImageSize, int>? reduction = null) =>
        ImageFile.ReadRgb(sample.ImagePath, sample.OrientationOf, reduction);

    /// <summary>For eyes: at most <paramref name="side"/> pixels a side.</summary>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    public static ImageBuffer ReadReduced(this Sample sample, int side) => ImageFile.ReadReduced(sample.ImagePath, side, sample.OrientationOf);

    /// <summary>From the header only.</summary>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    public static ImageSize ReadSize(this Sample sample) =>
        ImageFile.ReadInfo(sample.ImagePath) is var info ? info.SizeAs(sample.OrientationOf(info)) : default;

    /// <summary>The ground truth as it is drawn or written, labels beyond the classes included.</summary>
    /// <exception cref="ImageException">There is none, or it cannot be read: names the file.</exception>
    public static LabelMap ReadLabels(this Sample sample) => sample.Drawn is { } drawn
        ? drawn.Draw()
        : ImageFile.ReadLabels(sample.MaskPath ?? throw new ImageException($"{sample.Id} has no ground truth."), sample.Coding);

    /// <summary>The ground truth: 0 background, k+1, 255 ignore.</summary>
    /// <exception cref="ImageException">
    /// There is none, or it is not a label map of these classes: names the file, the label and its pixel.
    /// </exception>
    public static LabelMap ReadTruth(this Sample sample)
    {
        var map = sample.ReadLabels();
        if (sample.Coding.Classes is { } classes && map.Labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)classes) >= 0)
            for (var i = 0; i < map.Labels.Length; i++)
                if (map.Labels[i] > classes && map.Labels[i] != LabelMap.Ignore)
                    throw new ImageException(
                        $"{sample.MaskPath} has the label {map.Labels[i]} at x {i % map.Width}, y {i / map.Width}, but classes go from 1 to "
                        + $"{classes}. Correct the mask, or list all classes.");
        return map;
    }
}
