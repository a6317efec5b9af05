using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Exchange;

/// <summary>The images of which a run has maps, split by split; every file is there.</summary>
internal sealed record ExportedImages(IImageDataset Dataset, IReadOnlyDictionary<string, IReadOnlyList<Sample>> Splits)
{
    private const int Named = 10;

    /// <summary>Of all splits, each once.</summary>
    public IReadOnlyList<Sample> Samples { get; } = [.. Splits.Values.SelectMany(samples => samples).DistinctBy(sample => sample.Id)];

    public IReadOnlyDictionary<string, int> Counts => Splits.ToDictionary(split => split.Key, split => split.Value.Count);

    /// <summary>"1,464 images of train and 1,449 of val".</summary>
    public string Description =>
        string.Join(" and ", Splits.Select((split, number) => $"{split.Value.Count}{(number == 0 ? " images" : "")} of {split.Key}"));

    /// <param name="kind">Soft maps or label maps.</param>
    /// <param name="split">Null for all that the run says it has.</param>
    /// <param name="pathOf">Where an image's file lies.</param>
    /// <returns>Null where the run has no such maps.</returns>
    /// <exception cref="InvalidRunException">There is no such split, or a file is missing: names them.</exception>
    public static ExportedImages? Find(RunFolder run, RunSpec spec, ArtifactKind kind, string? split, Func<string, IImageDataset> open,
        Func<string, string> pathOf)
    {
        var covered = Artifact.Of(spec).Where(artifact =>
            artifact.Kind == kind && artifact.Split is not null).Select(artifact => artifact.Split!).Distinct().ToList();
        if (covered.Count == 0)
            return null;
        var dataset = open(spec.Dataset);
        if (split is not null && !dataset.Splits.Contains(split))
            throw new InvalidRunException("split",
                $"split: {dataset.Name} has no split '{split}'. The run {run.Id} has {Artifact.NameOf(kind)} of {string.Join(", ", covered)}.");
        var splits = (split is null ? covered : [split]).ToDictionary(name => name, dataset.Samples);
        foreach (var (name, samples) in splits)
        {
            var missing = samples.Where(sample => !File.Exists(pathOf(sample.Id))).Select(sample => sample.Id).ToList();
            if (missing.Count > 0)
                throw new InvalidRunException(
                    "split",
                    $"split: the run {run.Id} has no {Artifact.NameOf(kind)} of {missing.Count} of the {samples.Count} images of the split "
                    + $"'{name}': {string.Join(", ", missing.Take(Named))}{(missing.Count > Named ? ", ..." : "")}. "
                    + $"It was made with {Artifact.NameOf(kind)} of {string.Join(", ", covered)}.");
        }
        return new(dataset, splits);
    }
}
