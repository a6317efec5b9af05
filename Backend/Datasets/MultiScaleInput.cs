using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets;

/// <summary>One scale of an image for CAM inference: the image and, where wanted, its mirror image, normalised.</summary>
/// <param name="Pixels"><c>[Count, 3, Height, Width]</c>.</param>
/// <param name="Count">2 with the horizontal flip (the image first), else 1.</param>
public sealed record MultiScaleInput(double Scale, float[] Pixels, int Count, int Height, int Width)
{
    /// <summary>
    /// As IRN's VOC12ClassificationDatasetMSF: each scale is resized from the original with PIL's bicubic, normalised, and stacked with its flip.
    /// The whole image, no crop. One scale at a time is in memory.
    /// </summary>
    /// <param name="scales">Relative to the original.</param>
    public static IEnumerable<MultiScaleInput> Make(ImageBuffer image, IReadOnlyList<double> scales, bool flip, Normalisation? normalisation = null) =>
        scales.Select(scale => MakeOne(CamAugmentation.Rescale(image, scale), scale, flip, normalisation ?? Normalisation.ImageNet));

    private static MultiScaleInput MakeOne(ImageBuffer image, double scale, bool flip, Normalisation normalisation)
    {
        var (height, width) = (image.Height, image.Width);
        var count = flip ? 2 : 1;
        var pixels = new float[count * 3 * height * width];
        var mirrored = 3 * height * width;
        for (var channel = 0; channel < 3; channel++)
        {
            var levels = normalisation.Levels(channel);
            for (var y = 0; y < height; y++)
            {
                var row = (channel * height + y) * width;
                for (var x = 0; x < width; x++)
                {
                    var value = levels[image.Pixels[(y * width + x) * 3 + channel]];
                    pixels[row + x] = value;
                    if (flip)
                        pixels[mirrored + row + width - 1 - x] = value;
                }
            }
        }
        return new(scale, pixels, count, height, width);
    }
}
