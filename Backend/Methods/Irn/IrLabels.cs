using Dashboard.Backend.Images;
using Dashboard.Backend.Postprocess;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>Labels of confident pixels, from which inter-pixel relations are mined (IRN, section 4.2; step/cam_to_ir_label.py).</summary>
/// <param name="foreground">What is foreground under this threshold is surely foreground.</param>
/// <param name="background">What is background under this one is surely background: 0.05 in IRN, 0.10 in CLIMS.</param>
/// <param name="crf">What moves either's borders to the image's edges.</param>
/// <param name="device">Of the CRF.</param>
public sealed class IrLabels(double foreground = IrLabels.DefaultForeground, double background = IrLabels.DefaultBackground,
    DenseCrfSettings? crf = null, string device = DenseCrf.Processor)
{
    public const double DefaultForeground = 0.30;
    public const double DefaultBackground = 0.05;

    /// <param name="maps"><c>[classes, Height, Width]</c>, 0..1, at the image's size.</param>
    /// <param name="classes">The class of each map, 0-based; without any, all of the image is background.</param>
    /// <param name="threads">Of the CRF; 0: one a processor.</param>
    /// <returns>0 background, k+1 for class k, 255 where neither is sure.</returns>
    public LabelMap Of(ImageBuffer image, ReadOnlySpan<float> maps, IReadOnlyList<int> classes, int threads = 0)
    {
        using var field = new DenseCrf(image, crf ?? DenseCrfSettings.IrnLabel, threads, device);
        return SeedLabels.CombineConfident(
            Named(field.Refine(Seeds(image.Size, maps, classes.Count, foreground), classes.Count + 1), classes),
            Named(field.Refine(Seeds(image.Size, maps, classes.Count, background), classes.Count + 1), classes));
    }

    /// <summary>0 where no map is above the threshold, else 1 + the position of the largest.</summary>
    public static LabelMap Seeds(ImageSize size, ReadOnlySpan<float> maps, int count, double threshold) =>
        SeedLabels.FromCam(maps, [.. Enumerable.Range(0, count)], size.Width, size.Height, threshold);

    private static LabelMap Named(LabelMap positions, IReadOnlyList<int> classes) => new(
        positions.Width,
        positions.Height,
        Array.ConvertAll(positions.Labels, position => position == LabelMap.Background ? LabelMap.Background : (byte)(classes[position - 1] + 1)));
}
