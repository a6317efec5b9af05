using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Evaluation;

/// <summary>
/// What needs no network (<see cref="TrivialSeeds"/>), measured once for a split of a data set and kept in the data folder's cache: it is the same
/// for every run. Another list of images, other tags, masks or thresholds are measured again.
/// </summary>
internal static class ReferenceRows
{
    /// <summary>Of the drawn tags and the bootstrap: the rows belong to the split and to no run.</summary>
    private const int Seed = 0;

    /// <summary>Raised where the rows are made otherwise than before.</summary>
    private const int Version = 1;

    private const int LargestFile = 1 << 20;

    /// <param name="scored">The split's images with ground truth.</param>
    public static IReadOnlyList<ReferenceRow> Of(
        DataFolder data, IImageDataset dataset, string split, IReadOnlyList<ScoredImage> scored, IReadOnlyList<double> thresholds,
        CancellationToken stop)
    {
        var path = Path.Combine(data.Cache, "references", $"{Key(dataset, split, thresholds)}.json");
        if (Read(path) is { } known)
            return known;
        var labels = dataset.Classes.LabelNames.Count;
        var (empty, centre) = (DatasetScore.Of(scored, TrivialSeeds.AllBackground, labels, thresholds, Seed, stop),
            TrivialSeeds.CentrePrior(scored, labels, thresholds, Seed, stop));
        ReferenceRow[] rows = [ReferenceRow.Of("all background", empty.Best, sweep: null, scored.Count),
            ReferenceRow.Of("centre prior", centre.Best, centre.Sweep, scored.Count)];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.Write(path, file => JsonSerializer.Serialize(file, rows, RunJson.Line));
        return rows;
    }

    /// <summary>Null where they have not been measured, or the file is damaged.</summary>
    private static ReferenceRow[]? Read(string path)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<ReferenceRow[]>(SmallFile.Read(path, LargestFile),
                RunJson.Strict) is { Length: > 0 } rows ? rows : null;
        }
        catch (Exception error) when (error is JsonException or IOException or InvalidDataException)
        {
            return null;
        }
    }

    private static string Key(IImageDataset dataset, string split, IReadOnlyList<double> thresholds)
    {
        // A mask that was drawn anew may be as large as before.
        var drawn = dataset.Samples(split).Where(sample =>
            sample.MaskPath is not null).Max(sample => File.GetLastWriteTimeUtc(sample.MaskPath!).Ticks);
        var steps = thresholds.Select(threshold => threshold.ToString("R", CultureInfo.InvariantCulture));
        var text = string.Join('\n', $"{Version}", split, DatasetFingerprint.OfFiles(dataset, split), $"{drawn}", string.Join(' ', steps));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}

/// <summary>A trivial answer's score at its best threshold.</summary>
internal sealed record ReferenceRow(string Row, double Threshold, double Miou, IReadOnlyList<double?> PerClass, ConfidenceInterval? Interval,
    IReadOnlyList<ThresholdPoint>? Sweep, int Images)
{
    public static ReferenceRow Of(string row, ThresholdScore best, IReadOnlyList<ThresholdPoint>? sweep, int images) =>
        new(row, best.Threshold, best.Miou, best.PerClass, best.Interval, sweep, images);

    public RunEvaluated ToEvent(long step, Protocol swept, IReadOnlyList<string> labels) =>
        new(step, Row, Reference: true, swept with { Threshold = Threshold, Images = Images }, Miou, PerClass, labels, Interval, Sweep);
}
