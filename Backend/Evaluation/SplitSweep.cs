using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Labels;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>Reads an image's label map; its size is that of the ground truth.</summary>
public delegate LabelMap LabelSeed(ScoredImage image);

/// <summary>
/// One split's confusion counts, image by image and at every threshold of a sweep: what pages need to rank images, fill a confusion matrix
/// and answer a moved threshold without opening a single map again.
/// </summary>
/// <param name="labels">Number of labels, background included.</param>
/// <param name="thresholds">Ascending; none for label maps, which have no threshold.</param>
/// <param name="images">In the order of the split.</param>
public sealed class SplitSweep(int labels, IReadOnlyList<double> thresholds, IReadOnlyList<(string Id, ImageSweep Sweep)> images)
{
    public int Labels { get; } = labels;
    public IReadOnlyList<double> Thresholds { get; } = thresholds;
    public IReadOnlyList<(string Id, ImageSweep Sweep)> Images { get; } = images;

    /// <summary>What is doubtful about the ground truth, as a sentence; null where nothing is.</summary>
    public string? Warning { get; private init; }

    /// <summary>The swept threshold nearest to one that was asked for; null for label maps.</summary>
    public double? Nearest(double? threshold) => Thresholds.Count == 0 ? null : Thresholds.MinBy(swept => Math.Abs(swept - (threshold ?? Best)));

    /// <summary>mIoU against threshold, ascending; empty for label maps.</summary>
    public IReadOnlyList<ThresholdPoint> MeanIou() =>
        [.. Thresholds.Select((threshold, index) => new ThresholdPoint(threshold, Total(index).MeanIou))];

    /// <summary>At the nearest swept threshold; null: at the one with the highest mIoU. Label maps have one answer for all.</summary>
    public SplitConfusion At(double? threshold)
    {
        var nearest = Nearest(threshold);
        var index = nearest is null ? 0 : Thresholds.ToList().IndexOf(nearest.Value);
        return new(nearest, [.. Images.Select(image => image.Id)], [.. Images.Select(image => image.Sweep.At(index))], Total(index));
    }

    /// <summary>Reads and scores soft maps in parallel.</summary>
    /// <param name="thresholds">Ascending.</param>
    /// <exception cref="InvalidDataException">Maps or masks that cannot be scored: names every one of them.</exception>
    public static SplitSweep OfSoftMaps(
        IReadOnlyList<ScoredImage> images, SoftSeed seeds, int labels, IReadOnlyList<double> thresholds, IProgress<WorkProgress>? progress = null,
        CancellationToken stop = default)
    {
        var sweep = new ThresholdSweep(labels, thresholds);
        return Score(labels, thresholds, images, (image, truth) =>
        {
            var maps = seeds(image, truth);
            RequireSize(maps.Width, maps.Height, truth, "the maps are");
            return sweep.Score(maps.Maps, maps.Classes, truth);
        }, progress, stop);
    }

    /// <summary>Reads and scores label maps in parallel. A predicted 255 counts as background, as in IRN's eval_sem_seg.</summary>
    /// <exception cref="InvalidDataException">Label maps that cannot be scored: names every one of them.</exception>
    public static SplitSweep OfLabelMaps(IReadOnlyList<ScoredImage> images, LabelSeed read, int labels, IProgress<WorkProgress>? progress = null,
        CancellationToken stop = default)
    {
        return Score(labels, [], images, (image, truth) =>
        {
            var predicted = read(image);
            RequireSize(predicted.Width, predicted.Height, truth, "the label map is");
            var confusion = new ConfusionMatrix(labels);
            var labelled = new byte[predicted.Labels.Length];
            predicted.Labels.AsSpan().Replace(labelled, LabelMap.Ignore, LabelMap.Background);
            confusion.Add(truth, new(predicted.Width, predicted.Height, labelled));
            return ImageSweep.Of(confusion.ToSparse());
        }, progress, stop);
    }

    private double Best => MeanIou().MaxBy(point => point.Miou)!.Threshold;

    private ConfusionMatrix Total(int index)
    {
        var matrix = new ConfusionMatrix(Labels);
        foreach (var (_, sweep) in Images)
            sweep.AddTo(matrix, index);
        return matrix;
    }

    private static SplitSweep Score(
        int labels, IReadOnlyList<double> thresholds, IReadOnlyList<ScoredImage> images, Func<ScoredImage, LabelMap, ImageSweep> score,
        IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        if (images.Count == 0)
            throw new InvalidDataException("There is no image with ground truth to score.");
        var scored = new (string, ImageSweep)[images.Count];
        var truths = new LabelKinds[images.Count];
        var problems = new string?[images.Count];
        var done = 0;
        Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            try
            {
                using var memory = ImageMemory.Shared.Open();
                var truth = images[i].Truth();
                truths[i] = LabelKinds.Of(truth);
                scored[i] = (images[i].Id, score(images[i], truth));
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                problems[i] = $"{images[i].Id}: {error.Message}";
            }
            progress?.Report(new("images scored", Interlocked.Increment(ref done), images.Count));
        });
        var found = problems.Where(problem => problem is not null).ToList();
        if (found.Count > 0)
            throw new InvalidDataException(string.Join(Environment.NewLine, found));
        string[] ids = [.. images.Select(image => image.Id)];
        LabelKinds.Require("The ground truth", ids, truths);
        return new(labels, thresholds, scored) { Warning = LabelKinds.Doubt(ids, truths) };
    }

    private static void RequireSize(int width, int height, LabelMap truth, string what)
    {
        if (width != truth.Width || height != truth.Height)
            throw new InvalidDataException($"{what} {width}x{height}, but the ground truth is {truth.Width}x{truth.Height}");
    }
}

/// <summary>A split's confusion at one threshold.</summary>
/// <param name="Threshold">Null for label maps.</param>
/// <param name="Confusions">One an image, in the order of <paramref name="Ids"/>.</param>
/// <param name="Total">Over all images.</param>
public sealed record SplitConfusion(double? Threshold, IReadOnlyList<string> Ids, IReadOnlyList<ImageConfusion> Confusions, ConfusionMatrix Total);
