using System.Collections.Concurrent;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Preview;

/// <summary>Makes the preview of a data set: reads every list and tag, and opens a bounded number of images and masks.</summary>
public static class PreviewMaker
{
    /// <summary>Images of a split that are opened: their share of pixels is within some percent of all images', and takes seconds.</summary>
    public const int MostOpened = 200;

    /// <summary>Pictures to look at.</summary>
    public const int Pictures = 5;

    /// <summary>Problems that are told; a check tells all.</summary>
    private const int MostSkipped = 50;

    /// <param name="progress">Images that were opened.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static DatasetPreview Make(IImageDataset dataset, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var problems = new ConcurrentQueue<DatasetProblem>();
        var splits = dataset.Splits.Select(split => Read(dataset, split, problems)).ToList();
        var total = splits.Sum(split => split.Opened.Count);
        var done = 0;
        foreach (var split in splits)
        {
            cancellation.ThrowIfCancellationRequested();
            Parallel.ForEach(split.Opened,
                new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, sample =>
            {
                split.Counts.Add(sample, problems.Enqueue);
                progress?.Report(new("images", Interlocked.Increment(ref done), total));
            });
        }
        return new(
            dataset.Name,
            DatasetLayout.KindOf(dataset),
            dataset.Root,
            [.. splits.Select(Describe)],
            [.. dataset.Classes.Names.Select((name, k) => new PreviewClass(name, [.. splits.Select(split => split.CountOf(k))]))],
            PicturesOf(dataset, splits),
            Bounded(problems, dataset.Root));
    }

    private static SplitReading Read(IImageDataset dataset, string split, ConcurrentQueue<DatasetProblem> problems)
    {
        try
        {
            return new(split, dataset.ReadSplit(split, problems.Enqueue), null);
        }
        catch (DatasetException error)
        {
            problems.Enqueue(DatasetProblem.Error(dataset.Root, $"has a split, {split}, that cannot be read", error.Message));
            return new(split, [], error.Message);
        }
    }

    private static PreviewSplit Describe(SplitReading split) => new(
        split.Split,
        split.Samples.Count,
        split.Samples.Count(sample => sample.MaskPath is not null),
        split.Samples.Count(sample => sample.Tags.Count == 0),
        split.Opened.Count,
        split.Counts.Smallest,
        split.Counts.Largest,
        split.Counts.Share(LabelMap.Background),
        split.Counts.Share(LabelMap.Ignore),
        split.Problem);

    /// <summary>Evenly spaced, of the first split that has what shows most: masks and tags, masks, anything.</summary>
    private static IReadOnlyList<PreviewPicture> PicturesOf(IImageDataset dataset, IReadOnlyList<SplitReading> splits)
    {
        Func<Sample, bool>[] wishes =
            [sample => sample.MaskPath is not null && sample.Tags.Count > 0, sample => sample.MaskPath is not null, _ => true];
        foreach (var wish in wishes)
            foreach (var split in splits)
                if (split.Samples.Where(wish).DistinctBy(sample => sample.Id).ToList() is { Count: > 0 } wished)
                    return [.. SplitReading.Spread(wished, Pictures)
                        .Select(sample =>
                        new PreviewPicture(split.Split, sample.Id, [.. sample.Tags.Select(tag => dataset.Classes.Names[tag])],
                            sample.MaskPath is not null))];
        return [];
    }

    private static IReadOnlyList<DatasetProblem> Bounded(IEnumerable<DatasetProblem> problems, string root)
    {
        var sorted = problems.Distinct().OrderByDescending(problem => problem.Severity).ThenBy(problem => problem.File,
            StringComparer.Ordinal).ThenBy(problem => problem.Message, StringComparer.Ordinal).ToList();
        return sorted.Count <= MostSkipped
            ? sorted
            : [.. sorted.Take(MostSkipped),
                DatasetProblem.Warning(root, $"has {sorted.Count - MostSkipped:N0} more problems",
                "A check names them: ./run dataset check FOLDER.")];
    }

    /// <summary>One split while it is read.</summary>
    private sealed record SplitReading(string Split, IReadOnlyList<Sample> Samples, string? Problem)
    {
        public IReadOnlyList<Sample> Opened { get; } = Spread(Samples, MostOpened);

        public PixelCounts Counts { get; } = new();

        private readonly Lazy<IReadOnlyDictionary<int, int>> _tagged =
            new(() => Samples.SelectMany(sample => sample.Tags).CountBy(tag => tag).ToDictionary());

        public PreviewClassCount CountOf(int k) => new(_tagged.Value.GetValueOrDefault(k), Counts.Share((byte)(k + 1)));

        public static IReadOnlyList<Sample> Spread(IReadOnlyList<Sample> samples, int count) =>
            samples.Count <= count ? samples : [.. Enumerable.Range(0, count).Select(i => samples[(int)((long)i * samples.Count / count)])];
    }
}
