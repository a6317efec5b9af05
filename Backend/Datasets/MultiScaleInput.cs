using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets;

/// <summary>One scale of an image for CAM inference: the image and, where wanted, its mirror image, normalised.</summary>
/// <param name="Scale">Relative to the original.</param>
/// <param name="Pixels"><c>[Count, 3, Height, Width]</c>.</param>
/// <param name="Count">2 with the horizontal flip (the image first), else 1.</param>
public sealed record MultiScaleInput(double Scale, float[] Pixels, int Count, int Height, int Width)
{
    /// <summary>
    /// As IRN's <c>VOC12ClassificationDatasetMSF</c>: each scale is resized from the original with PIL's bicubic (scale 1 is the original), normalised, and
    /// stacked with its flip. The whole image, no crop. Lazy: one scale at a time is in memory.
    /// </summary>
    public static IEnumerable<MultiScaleInput> Make(ImageBuffer image, IReadOnlyList<double> scales, bool flip, Normalisation? normalisation = null) =>
        scales.Select(scale => Make(scale == 1 ? image : ImageTransforms.Rescale(image, scale), scale, flip, normalisation ?? Normalisation.ImageNet));

    private static MultiScaleInput Make(ImageBuffer image, double scale, bool flip, Normalisation normalisation)
    {
        var count = flip ? 2 : 1;
        var plane = 3 * image.Height * image.Width;
        var pixels = new float[count * plane];
        normalisation.ToPlanes(image, pixels.AsSpan(0, plane));
        if (flip)
            normalisation.ToPlanes(image, pixels.AsSpan(plane), flip: true);
        return new(scale, pixels, count, image.Height, image.Width);
    }
}
