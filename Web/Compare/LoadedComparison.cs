using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;

namespace Dashboard.Web.Compare;

/// <summary>One of the things that are compared.</summary>
/// <param name="Letter">A to D.</param>
/// <param name="Source">Null for the ground truth.</param>
/// <param name="Threshold">At which the sliders begin; null for labels without one.</param>
public sealed record ComparedSource(SourceKey Key, string Letter, string Name, CompareSource? Source, double? Threshold)
{
    public bool IsTruth => Source is null;
}

/// <summary>What is compared, with the images of the split.</summary>
/// <param name="Run">One of the runs, or its key where another split than its own is compared: it names the data set and split in addresses.</param>
/// <param name="Labels">Names by label, background first.</param>
public sealed record LoadedComparison(string Run, CompareSplit Images, IReadOnlyList<ComparedSource> Sources, IReadOnlyList<string> Labels,
    IReadOnlyList<Sample> Samples)
{
    /// <summary>Numbers of the sources that can be scored against the truth.</summary>
    public IReadOnlyList<int> Scored { get; } = [.. Enumerable.Range(0, Sources.Count).Where(i => !Sources[i].IsTruth)];

    /// <summary>At which a source's labels are read; null where it has none.</summary>
    public double? Threshold(CompareView view, int source) => Sources[source].Threshold is { } own ? view.Threshold(source) ?? own : null;

    /// <exception cref="DatasetException">The data set is gone, or lies where pages may not look.</exception>
    public static LoadedComparison Load(CompareCatalog catalog, CompareScores scores, IReadOnlyList<CompareSource> runs,
        IReadOnlyList<SourceKey> keys, IProgress<WorkProgress>? progress)
    {
        var images = runs[0].Images;
        var labels = catalog.Dataset(images, progress).Classes.LabelNames;
        var sources = keys.Select((key, i) =>
            new ComparedSource(key, ((char)('A' + i)).ToString(), runs.FirstOrDefault(run => run.Key == key)?.Name ?? "Ground truth",
                runs.FirstOrDefault(run => run.Key == key), scores.Threshold(key, progress)));
        return new(runs[0].Key.Split is null ? runs[0].Key.Run : runs[0].Key.ToString(), images, [.. sources], labels, [.. catalog.Samples(images).DistinctBy(sample => sample.Id)]);
    }
}

/// <summary>The scores of a comparison at its thresholds, by source; null for the ground truth.</summary>
public sealed record ComparisonScores(IReadOnlyList<SplitConfusion?> Confusions, IReadOnlyList<SourceScores?> Sweeps)
{
    /// <exception cref="InvalidDataException">Maps that cannot be scored: names every one of them.</exception>
    public static ComparisonScores Load(CompareScores scores, LoadedComparison comparison, CompareView view, IProgress<WorkProgress>? progress) =>
        new(
        [.. comparison.Sources.Select((source, i) => source.Source is { } run ? scores.At(run, comparison.Threshold(view, i), progress) : null)],
        [.. comparison.Sources.Select(source => source.Source is { } run ? scores.Of(run, progress) : null)]);
}
