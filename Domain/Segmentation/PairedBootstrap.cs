namespace Dashboard.Domain.Segmentation;

/// <summary>
/// Whether one answer is better than another on the same images: the paired bootstrap. Both are scored on every resample, so that what is hard for
/// both moves neither.
/// </summary>
public static class PairedBootstrap
{
    /// <param name="a">One confusion for each image.</param>
    /// <param name="b">Of the same images in the same order.</param>
    /// <param name="labels">Number of labels, background included.</param>
    /// <returns>Of mIoU(a) - mIoU(b); null where nothing was scored.</returns>
    /// <exception cref="ArgumentException">The numbers of images differ.</exception>
    public static PairedDifference? OfMeanIou(IReadOnlyList<ImageConfusion> a, IReadOnlyList<ImageConfusion> b, int labels, int seed)
    {
        if (a.Count != b.Count)
            throw new ArgumentException($"One answer is of {a.Count} images, the other of {b.Count}.", nameof(b));
        var differences = BootstrapInterval.Resample(a.Count, seed, Difference);
        if (differences.Count == 0)
            return null;
        // Two-sided; the measured order itself counts once, so that no finite number of resamples gives 0.
        var (notAbove, notBelow) = (differences.Count(difference => difference <= 0), differences.Count(difference => difference >= 0));
        return new(
            Difference([.. Enumerable.Repeat(1, a.Count)]),
            BootstrapInterval.Percentile(differences, (1 - BootstrapInterval.Level) / 2),
            BootstrapInterval.Percentile(differences, (1 + BootstrapInterval.Level) / 2),
            BootstrapInterval.Level,
            Math.Min(1, 2.0 * (Math.Min(notAbove, notBelow) + 1) / (differences.Count + 1)));

        double Difference(int[] draws) => BootstrapInterval.MeanIou(a, draws, labels) - BootstrapInterval.MeanIou(b, draws, labels);
    }
}

/// <summary>How much higher one mIoU is than another.</summary>
/// <param name="Difference">-1..1.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="P">How often chance alone would give as clear a difference: two-sided, 0..1.</param>
public sealed record PairedDifference(double Difference, double Low, double High, double Level, double P)
{
    /// <summary>The interval leaves out 0.</summary>
    public bool IsSeparable => Low > 0 || High < 0;
}
