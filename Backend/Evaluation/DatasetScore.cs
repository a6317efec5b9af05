using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>Gives an image's soft maps, at the size of its ground truth.</summary>
public delegate SoftCam SoftSeed(ScoredImage image, LabelMap truth);

/// <summary>One split's soft maps against its ground truth, at every threshold of a sweep.</summary>
public sealed class DatasetScore
{
    private readonly int _seed;

    private DatasetScore(SplitSweep images, int seed) => (Images, _seed, Sweep) = (images, seed, images.MeanIou());

    /// <summary>What the score is made of, image by image.</summary>
    public SplitSweep Images { get; }

    /// <summary>mIoU against threshold, ascending.</summary>
    public IReadOnlyList<ThresholdPoint> Sweep { get; }

    /// <summary>At the threshold with the highest mIoU, the lowest among equals.</summary>
    public ThresholdScore Best => At(Sweep.MaxBy(point => point.Miou)!.Threshold);

    /// <summary>At one of the sweep's thresholds.</summary>
    public ThresholdScore At(double threshold)
    {
        if (!Images.Thresholds.Contains(threshold))
            throw new ArgumentException($"The threshold {threshold} was not swept.", nameof(threshold));
        var split = Images.At(threshold);
        return new(
            threshold,
            split.Total.MeanIou,
            split.Total.PerClassIou,
            BootstrapInterval.OfMeanIou(split.Confusions, Images.Labels, _seed),
            [.. split.Ids.Zip(split.Confusions, (id, confusion) => new ImageScore(id, confusion.MeanIou(Images.Labels)))]);
    }

    /// <summary>Reads and scores the images in parallel.</summary>
    /// <param name="labels">Number of labels, background included.</param>
    /// <param name="thresholds">Ascending; <see cref="ThresholdSweep.Steps"/> makes them.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <exception cref="InvalidDataException">Maps or masks that cannot be scored: names every one of them.</exception>
    public static DatasetScore Of(IReadOnlyList<ScoredImage> images, SoftSeed seeds, int labels, IReadOnlyList<double> thresholds, int seed,
        CancellationToken stop = default) =>
        new(SplitSweep.OfSoftMaps(images, seeds, labels, thresholds, null, stop), seed);
}

/// <summary>A split's score at one threshold.</summary>
/// <param name="Miou">0..1.</param>
/// <param name="PerClass">IoU by label, background first; null where a label occurs nowhere.</param>
/// <param name="PerImage">In the order of the split.</param>
public sealed record ThresholdScore(double Threshold, double Miou, IReadOnlyList<double?> PerClass, ConfidenceInterval? Interval,
    IReadOnlyList<ImageScore> PerImage)
{
    /// <summary>As it stands in the event log; the protocol receives this score's threshold and number of images.</summary>
    public RunEvaluated ToEvent(long step, string row, bool reference, Protocol protocol, IReadOnlyList<string> labelNames,
        IReadOnlyList<ThresholdPoint>? sweep) =>
        new(step, row, reference, protocol with { Threshold = Threshold, Images = PerImage.Count }, Miou, PerClass, labelNames, Interval, sweep);
}

/// <summary>One image's own mean IoU; NaN where all of it is ignored.</summary>
public sealed record ImageScore(string Id, double Miou);
