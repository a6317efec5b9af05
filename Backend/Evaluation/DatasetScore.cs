using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>An image that is scored.</summary>
/// <param name="Tags">Classes that are present, 0-based.</param>
/// <param name="Truth">Reads the ground truth.</param>
public sealed record ScoredImage(string Id, IReadOnlyList<int> Tags, Func<LabelMap> Truth);

/// <summary>Gives an image's soft maps, at the size of its ground truth.</summary>
public delegate SoftCam SoftSeed(ScoredImage image, LabelMap truth);

/// <summary>One split's soft maps against its ground truth, at every threshold of a sweep.</summary>
public sealed class DatasetScore
{
    private readonly IReadOnlyList<ScoredImage> _images;
    private readonly ImageSweep[] _sweeps;
    private readonly ThresholdSweep _thresholds;
    private readonly int _seed;

    private DatasetScore(IReadOnlyList<ScoredImage> images, ImageSweep[] sweeps, ThresholdSweep thresholds, int seed)
    {
        (_images, _sweeps, _thresholds, _seed) = (images, sweeps, thresholds, seed);
        Sweep = [.. thresholds.Thresholds.Select((threshold, index) => new ThresholdPoint(threshold, Total(index).MeanIou))];
    }

    /// <summary>mIoU against threshold, ascending.</summary>
    public IReadOnlyList<ThresholdPoint> Sweep { get; }

    /// <summary>At the threshold with the highest mIoU, the lowest among equals.</summary>
    public ThresholdScore Best => At(Sweep.MaxBy(point => point.Miou)!.Threshold);

    /// <summary>At one of the sweep's thresholds.</summary>
    public ThresholdScore At(double threshold)
    {
        var index = _thresholds.Thresholds.ToList().IndexOf(threshold);
        if (index < 0)
            throw new ArgumentException($"The threshold {threshold} was not swept.", nameof(threshold));
        var perImage = _sweeps.Select(sweep => sweep.At(index)).ToList();
        var total = Total(index);
        return new(
            threshold,
            total.MeanIou,
            total.PerClassIou,
            BootstrapInterval.OfMeanIou(perImage, _thresholds.Labels, _seed),
            [.. _images.Zip(perImage, (image, confusion) => new ImageScore(image.Id, confusion.MeanIou(_thresholds.Labels)))]);
    }

    /// <summary>Reads and scores the images in parallel.</summary>
    /// <param name="labels">Number of labels, background included.</param>
    /// <param name="thresholds">Ascending; <see cref="ThresholdSweep.Steps"/> makes them.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <exception cref="InvalidDataException">Maps or masks that cannot be scored: names every one of them.</exception>
    public static DatasetScore Of(IReadOnlyList<ScoredImage> images, SoftSeed seeds, int labels, IReadOnlyList<double> thresholds, int seed, CancellationToken stop = default)
    {
        if (images.Count == 0)
            throw new InvalidDataException("There is no image with ground truth to score.");
        var sweep = new ThresholdSweep(labels, thresholds);
        var sweeps = new ImageSweep[images.Count];
        var problems = new string?[images.Count];
        Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            try
            {
                var truth = images[i].Truth();
                var cam = seeds(images[i], truth);
                if (cam.Width != truth.Width || cam.Height != truth.Height)
                    throw new InvalidDataException($"the maps are {cam.Width}x{cam.Height}, the ground truth is {truth.Width}x{truth.Height}");
                sweeps[i] = sweep.Score(cam.Maps, cam.Classes, truth);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                problems[i] = $"{images[i].Id}: {error.Message}";
            }
        });
        var found = problems.Where(problem => problem is not null).ToList();
        if (found.Count > 0)
            throw new InvalidDataException(string.Join(Environment.NewLine, found));
        return new(images, sweeps, sweep, seed);
    }

    private ConfusionMatrix Total(int index)
    {
        var matrix = new ConfusionMatrix(_thresholds.Labels);
        foreach (var sweep in _sweeps)
            sweep.AddTo(matrix, index);
        return matrix;
    }
}

/// <summary>A split's score at one threshold.</summary>
/// <param name="Miou">0..1.</param>
/// <param name="PerClass">IoU by label, background first; null where a label occurs nowhere.</param>
/// <param name="PerImage">In the order of the split.</param>
public sealed record ThresholdScore(double Threshold, double Miou, IReadOnlyList<double?> PerClass, ConfidenceInterval? Interval, IReadOnlyList<ImageScore> PerImage)
{
    /// <summary>As it stands in the event log; the protocol receives this score's threshold and number of images.</summary>
    public RunEvaluated ToEvent(long step, string row, bool reference, Protocol protocol, IReadOnlyList<string> labelNames, IReadOnlyList<ThresholdPoint>? sweep) =>
        new(step, row, reference, protocol with { Threshold = Threshold, Images = PerImage.Count }, Miou, PerClass, labelNames, Interval, sweep);
}

/// <summary>One image's own mean IoU; NaN where all of it is ignored.</summary>
public sealed record ImageScore(string Id, double Miou);
