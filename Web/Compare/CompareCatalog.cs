using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Web.Datasets;

namespace Dashboard.Web.Compare;

/// <summary>Finds what can be compared, and reads its files. Thread-safe.</summary>
public sealed class CompareCatalog(IRunStore store, DatasetBrowser datasets)
{
    /// <summary>For a link.</summary>
    private const int RunsLookedAt = 8;

    /// <summary>In a link: with the ground truth as many as have large panes in a small window.</summary>
    private const int RunsShown = 2;

    /// <summary>Of all finished runs, newest first; a run that has soft maps and label maps stands here twice.</summary>
    public IReadOnlyList<CompareSource> Sources()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        // Many runs are on few data sets.
        string canonical(string name) => names.TryGetValue(name, out var known) ? known : names[name] = datasets.Canonical(name);
        var evaluations = store.Evaluations.Where(entry =>
            !entry.Evaluation.Reference).ToLookup(entry => entry.Run.Spec.Id, entry => entry.Evaluation);
        return [.. store.Runs.Where(run => run.State == RunState.Finished)
            .SelectMany(run => SourcesOf(run, [.. evaluations[run.Spec.Id]], canonical).OrderByDescending(source => source.Evaluation is not null))];
    }

    /// <returns>Null where no finished run has such files.</returns>
    public CompareSource? Find(SourceKey key)
    {
        if (store.Find(key.Run) is not { State: RunState.Finished } run)
            return null;
        return SourcesOf(run, Measured(run), datasets.Canonical).FirstOrDefault(source => source.Key == key);
    }

    /// <summary>The maps that a run has measured for its main score, else any that it has.</summary>
    public CompareSource? FindRun(string run) => SourcesOf(run).Where(source => source.Key.Split is null).MaxBy(source => source.Evaluation is not null);

    private IEnumerable<CompareSource> SourcesOf(string run) =>
        store.Find(run) is { State: RunState.Finished } finished ? SourcesOf(finished, Measured(finished), datasets.Canonical) : [];

    private IReadOnlyList<RunEvaluated> Measured(RunSummary run) => [.. store.EvaluationsOf(run.Spec.Id).Where(evaluated => !evaluated.Reference)];

    /// <summary>Opens the first of these runs, the next one that has maps of the same images, and the ground truth.</summary>
    /// <returns>Null where none has maps to compare.</returns>
    public string? LinkOf(IEnumerable<string> runs)
    {
        var sources = runs.Distinct().Take(RunsLookedAt)
            .Select(run => SourcesOf(run).OrderByDescending(source => source.Evaluation is not null).ToList())
            .Where(found => found.Count > 0)
            .ToList();
        if (sources.Count == 0)
            return null;
        var images = sources[0].MinBy(source => source.Key.Split is null ? 0 : 1)!.Images;
        return new CompareView
        {
            Sources =
            [
                .. sources.Select(found => found.FirstOrDefault(source => source.Images == images)?.Key).OfType<SourceKey>()
                    .Take(RunsShown),
                SourceKey.Truth,
            ],
        }.Link;
    }

    /// <exception cref="DatasetException">It is gone, or lies where pages may not look: says what to do.</exception>
    public IImageDataset Dataset(CompareSplit images, IProgress<WorkProgress>? progress = null, CancellationToken stop = default) =>
        datasets.Open(images.Dataset, progress, stop);

    /// <inheritdoc cref="Dataset"/>
    public IReadOnlyList<Sample> Samples(CompareSplit images) => datasets.Samples(images.Dataset, images.Split);

    /// <returns>Null where the split has no such image.</returns>
    /// <exception cref="DatasetException">The data set is gone.</exception>
    public Sample? Sample(CompareSplit images, string id) => datasets.Find(images.Dataset, images.Split, id);

    /// <summary>The run's folder.</summary>
    /// <exception cref="DirectoryNotFoundException">The run was deleted.</exception>
    public RunFolder Folder(string run) => store.Folder(run) ?? throw new DirectoryNotFoundException($"The run {run} is gone: it was deleted.");

    /// <summary>An image's labels as a source sees them.</summary>
    /// <param name="threshold">For soft maps only.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ImageException">The file is missing or damaged.</exception>
    public LabelMap Labels(SourceKey key, Sample sample, double? threshold)
    {
        switch (key.Kind)
        {
            case SourceKind.Maps:
                var maps = SoftCamFile.Read(SoftCamFile.PathOf(Folder(key.Run).Cams, sample.Id));
                return SeedLabels.FromCam(maps.Maps, maps.Classes, maps.Width, maps.Height,
                    threshold ?? throw new ArgumentNullException(nameof(threshold)));
            case SourceKind.Masks:
                return ImageFile.ReadLabels(Path.Combine(Folder(key.Run).Masks, $"{sample.Id}.png"));
            default:
                return sample.ReadTruth();
        }
    }

    /// <summary>On the images of the run's main score first; then those of the other splits that it has measured.</summary>
    /// <param name="canonical">Makes one name of all that a data set may have: sources share their images by it.</param>
    private IEnumerable<CompareSource> SourcesOf(RunSummary run, IReadOnlyList<RunEvaluated> evaluations, Func<string, string> canonical)
    {
        if (store.Folder(run.Spec.Id) is not { } folder)
            yield break;
        var main = MainScore.Of(run.Spec, evaluations)?.Protocol.Split ?? run.Spec.Options["evaluationSplit"]?.ToString();
        if (main is null)
            yield break;
        var (hasMaps, hasMasks) = (HasFiles(folder.Cams, "*.cam"), HasFiles(folder.Masks, "*.png"));
        foreach (var split in evaluations.Select(evaluation => evaluation.Protocol.Split).Prepend(main).Distinct())
        {
            var measured = evaluations.Where(evaluation => evaluation.Protocol.Split == split).ToList();
            var (images, name) = (new CompareSplit(canonical(run.Spec.Dataset), split), split == main ? null : split);
            // Of another split only what was measured is known to be there.
            var swept = Swept(measured);
            if (hasMaps && (swept is not null || name is null))
                yield return new(new(SourceKind.Maps, run.Spec.Id, name), run, images, swept);
            var labels = measured.FirstOrDefault(evaluation =>
                evaluation.Sweep is null && evaluation.Protocol.ThresholdSource == Protocol.NoThreshold);
            if (hasMasks && (labels is not null || name is null))
                yield return new(new(SourceKind.Masks, run.Spec.Id, name), run, images, labels);
        }
    }

    private static RunEvaluated? Swept(IReadOnlyList<RunEvaluated> evaluations) =>
        evaluations.FirstOrDefault(evaluation => evaluation.Sweep is { Count: > 1 });

    private static bool HasFiles(string folder, string pattern)
    {
        try
        {
            return Directory.EnumerateFiles(folder, pattern).Any();
        }
        catch (DirectoryNotFoundException)
        {
            // It never was there, or the run is just being deleted.
            return false;
        }
    }
}
