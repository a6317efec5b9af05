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
    /// <summary>For a link to two of them.</summary>
    private const int RunsLookedAt = 8;

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

    /// <summary>The maps that a run has measured, else any that it has.</summary>
    public CompareSource? FindRun(string run) => store.Find(run) is { State: RunState.Finished } finished
        ? SourcesOf(finished, Measured(finished), datasets.Canonical).MaxBy(source => source.Evaluation is not null)
        : null;

    private IReadOnlyList<RunEvaluated> Measured(RunSummary run) => [.. store.EvaluationsOf(run.Spec.Id).Where(evaluated => !evaluated.Reference)];

    /// <summary>Opens the first two of these runs that share their images, with the ground truth.</summary>
    /// <returns>Null where none has maps to compare.</returns>
    public string? LinkOf(IEnumerable<string> runs)
    {
        var sources = runs.Distinct().Take(RunsLookedAt).Select(FindRun).OfType<CompareSource>().ToList();
        return sources.Count == 0
            ? null
            : new CompareView { Sources =
                [.. sources.Where(source => source.Images == sources[0].Images).Take(2).Select(source => source.Key), SourceKey.Truth] }.Link;
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

    /// <param name="canonical">Makes one name of all that a data set may have: sources share their images by it.</param>
    private IEnumerable<CompareSource> SourcesOf(RunSummary run, IReadOnlyList<RunEvaluated> evaluations, Func<string, string> canonical)
    {
        if (store.Folder(run.Spec.Id) is not { } folder)
            yield break;
        var swept = evaluations.FirstOrDefault(evaluation => evaluation.Sweep is { Count: > 1 });
        var split = (swept ?? (evaluations.Count > 0 ? evaluations[0] : null))?.Protocol.Split ?? run.Spec.Options["evaluationSplit"]?.ToString();
        if (split is null)
            yield break;
        var images = new CompareSplit(canonical(run.Spec.Dataset), split);
        var maps = new CompareSource(new(SourceKind.Maps, run.Spec.Id), run, images, swept);
        var masks = new CompareSource(new(SourceKind.Masks, run.Spec.Id), run, images,
            evaluations.FirstOrDefault(evaluation => evaluation.Sweep is null && evaluation.Protocol.ThresholdSource == Protocol.NoThreshold));
        if (HasFiles(folder.Cams, "*.cam"))
            yield return maps;
        if (HasFiles(folder.Masks, "*.png"))
            yield return masks;
    }

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
