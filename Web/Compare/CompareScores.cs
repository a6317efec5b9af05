using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Microsoft.Extensions.Caching.Memory;

namespace Dashboard.Web.Compare;

/// <summary>A source's scores on its split.</summary>
/// <param name="Curve">mIoU against threshold; empty for label maps.</param>
public sealed record SourceScores(SplitSweep Sweep, IReadOnlyList<ThresholdPoint> Curve);

/// <summary>
/// The scores of sources, image by image: as the run has stored them, else computed once and kept in the data folder's cache.
/// Everything here reads files and may take long: call it on a thread of its own.
/// </summary>
public sealed class CompareScores(CompareCatalog catalog, DataFolder data, IMemoryCache cache)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>Of a sweep that the run has not made itself.</summary>
    private const double ThresholdStep = 0.02;

    /// <summary>Where nothing can be measured: a place to begin.</summary>
    private const double UnmeasuredThreshold = 0.3;

    private readonly Lock _entering = new();

    /// <exception cref="InvalidDataException">Maps that cannot be scored: names every one of them.</exception>
    /// <exception cref="DatasetException">The data set is gone.</exception>
    public SourceScores Of(CompareSource source, IProgress<WorkProgress>? progress = null) =>
        Remember((nameof(Of), source.Key.ToString()), () =>
        {
            var sweep = Stored(source) ?? Compute(source, progress);
            return new SourceScores(sweep, sweep.MeanIou());
        });

    /// <summary>
    /// At which soft maps become labels unless a visitor says otherwise: where the run's own sweep was best, else where ours is; null for label maps.
    /// </summary>
    public double? Threshold(SourceKey key, IProgress<WorkProgress>? progress = null)
    {
        if (key.Kind != SourceKind.Maps || catalog.Find(key) is not { } source)
            return null;
        try
        {
            return source.Threshold ?? Of(source, progress).Curve.MaxBy(point => point.Miou)!.Threshold;
        }
        catch (InvalidDataException)
        {
            // Nothing to measure against; the reason is shown in place of the scores.
            return UnmeasuredThreshold;
        }
    }

    /// <inheritdoc cref="Of"/>
    /// <param name="threshold">The nearest swept one counts; null: <see cref="Threshold"/>.</param>
    public SplitConfusion At(CompareSource source, double? threshold, IProgress<WorkProgress>? progress = null)
    {
        var sweep = Of(source, progress).Sweep;
        var nearest = sweep.Nearest(threshold ?? source.Threshold);
        return Remember((nameof(At), source.Key.ToString(), nearest), () => sweep.At(nearest));
    }

    /// <summary>Share of pixels whose labels differ, by image; NaN where the two cannot be compared.</summary>
    /// <param name="thresholdA">For soft maps only, as <paramref name="thresholdB"/>.</param>
    public IReadOnlyDictionary<string, double> Disagreement(
        CompareSplit images, SourceKey a, double? thresholdA, SourceKey b, double? thresholdB, IProgress<WorkProgress>? progress = null) =>
        Remember((nameof(Disagreement), images, a, thresholdA, b, thresholdB), () =>
        {
            var samples = catalog.Samples(images).DistinctBy(sample => sample.Id).ToDictionary(sample => sample.Id, StringComparer.Ordinal);
            return Backend.Evaluation.Disagreement.OfSplit([.. samples.Keys], id => catalog.Labels(a, samples[id], thresholdA),
                id => catalog.Labels(b, samples[id], thresholdB), progress);
        });

    private SplitSweep? Stored(CompareSource source)
    {
        var folder = catalog.Folder(source.Key.Run);
        var written = source.Key.Kind == SourceKind.Maps ? folder.SoftMapScores : folder.LabelMapScores;
        // The run has written those of its main score only.
        return (source.Key.Split is null ? [written, CachePath(source)] : new[] { CachePath(source) }).FirstOrDefault(File.Exists) is { } path ? SplitSweepFile.Read(path) : null;
    }

    private SplitSweep Compute(CompareSource source, IProgress<WorkProgress>? progress)
    {
        var samples = catalog.Samples(source.Images).Where(sample =>
            sample.MaskPath is not null).DistinctBy(sample => sample.Id).ToDictionary(sample => sample.Id, StringComparer.Ordinal);
        var images = samples.Values.Select(ScoredImage.Of).ToList();
        var labels = catalog.Dataset(source.Images).Classes.LabelNames.Count;
        var folder = catalog.Folder(source.Key.Run);
        var sweep = source.Key.Kind == SourceKind.Maps
            ? SplitSweep.OfSoftMaps(images, (image, _) => SoftCamFile.Read(SoftCamFile.PathOf(folder.Cams, image.Id)), labels, Thresholds(source),
                progress)
            : SplitSweep.OfLabelMaps(images, image => catalog.Labels(source.Key, samples[image.Id], null), labels, progress);
        SplitSweepFile.Write(CachePath(source), sweep);
        return sweep;
    }

    private static IReadOnlyList<double> Thresholds(CompareSource source) =>
        ThresholdSweep.Steps(ThresholdStep, source.Threshold is { } threshold ? [threshold] : []);

    private string CachePath(CompareSource source) =>
        Path.Combine(data.Cache, source.Key.Run,
            source.Key.Kind.ToString().ToLowerInvariant() + (source.Key.Split is { } split ? "@" + Uri.EscapeDataString(split) : "") + ".sweep");

    /// <summary>Visitors who ask for the same thing wait for one computation; nobody waits for another's.</summary>
    private T Remember<T>(object key, Func<T> read)
        where T : class
    {
        Lazy<T> work;
        lock (_entering)
            work = cache.GetOrCreate(key, entry =>
            {
                entry.SlidingExpiration = Kept;
                return new Lazy<T>(read);
            })!;
        try
        {
            return work.Value;
        }
        catch
        {
            // A missing file may be back at the next visit.
            cache.Remove(key);
            throw;
        }
    }
}
