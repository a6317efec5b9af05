using System.Text.Json;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Web.Api.Runs;
using Dashboard.Web.Components.Chart;

namespace Dashboard.Web.Components.Report;

/// <summary>All that a report says of a run, pictures included.</summary>
public sealed record ReportContent(RunSummary Run, RunLabels Labels, IReadOnlyList<RunEvaluated> Evaluations, IReadOnlyList<ReportChart> Charts,
    RunSnapshot? Snapshot, RunFinished? Finish, IReadOnlyList<ReportImage> Images, IReadOnlyList<RunSummary> Inputs, DateTimeOffset Made)
{
    /// <summary>Points of a curve: as many as paper shows.</summary>
    private const int Buckets = 300;

    private const int MostImages = 6;

    /// <summary>Bytes of one picture: larger ones are left out rather than making a file that no mail takes.</summary>
    private const int LargestPicture = 4 << 20;

    /// <param name="labelNames">By label, background first: label maps are shown in the colours of these names.</param>
    public static ReportContent Of(IRunStore store, RunSummary run, RunFolder folder, IReadOnlyList<string> labelNames, DateTimeOffset now)
    {
        var events = EventsOf(folder);
        var snapshot = events.OfType<RunSnapshot>().LastOrDefault();
        return new(
            run, RunLabelsFile.ReadOrNone(folder), store.EvaluationsOf(run.Spec.Id),
            [.. MetricGroup.Of(store.Metrics(run.Spec.Id).Where(metric => !RunSystem.IsOwn(metric))).Select(group => new ReportChart(group.Title,
                [.. group.Metrics.Select(metric => store.Series(run.Spec.Id, metric, 0, long.MaxValue, Buckets)).Where(series => series.Points > 0)]))
                .Where(chart => chart.Series.Count > 0)],
            snapshot, events.OfType<RunFinished>().LastOrDefault(), [.. PicturesOf(folder, snapshot, labelNames)],
            [.. run.Spec.Inputs.Values.Select(store.Find).OfType<RunSummary>()], now);
    }

    /// <returns>None where the log cannot be read.</returns>
    private static IReadOnlyList<RunEvent> EventsOf(RunFolder folder)
    {
        try
        {
            return EventLogReader.ReadAll(folder.Events);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<ReportImage> PicturesOf(RunFolder folder, RunSnapshot? snapshot, IReadOnlyList<string> labelNames) =>
        from panels in (snapshot?.Panels ?? []).GroupBy(panel => panel.Image).Take(MostImages)
        let pictures = (from panel in panels
                        let picture = Picture(folder, panel, labelNames)
                        where picture is not null
                        select new ReportPicture(panel.Class ?? panel.Kind, picture)).ToList()
        where pictures.Count > 0
        select new ReportImage(panels.Key, pictures);

    /// <returns>A data address; null where there is no such picture in the run's folder.</returns>
    private static string? Picture(RunFolder folder, SnapshotPanel panel, IReadOnlyList<string> labelNames)
    {
        if (RunFileEndpoints.Locate(folder, panel.File) is not { } path || new FileInfo(path).Length > LargestPicture)
            return null;
        var isPhotograph = Path.GetExtension(path).Equals(".jpg", StringComparison.OrdinalIgnoreCase);
        var bytes = !isPhotograph && panel.Kind is "mask" or "truth" ? Coloured(path, labelNames) : File.ReadAllBytes(path);
        return bytes is null ? null : $"data:{(isPhotograph ? "image/jpeg" : "image/png")};base64,{Convert.ToBase64String(bytes)}";
    }

    private static byte[]? Coloured(string path, IReadOnlyList<string> labelNames)
    {
        try
        {
            return ColouredLabels.Of(path, labelNames);
        }
        catch (ImageException)
        {
            return null;
        }
    }
}

/// <summary>Curves that share a chart.</summary>
public sealed record ReportChart(string Title, IReadOnlyList<MetricSeries> Series);

/// <summary>One image of the last snapshot.</summary>
public sealed record ReportImage(string Name, IReadOnlyList<ReportPicture> Pictures);

/// <param name="Caption">"image", "truth", "mask", or the class of a map.</param>
/// <param name="Source">With all its bytes.</param>
public sealed record ReportPicture(string Caption, string Source);
