using System.Text.Json.Nodes;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Sweeps;

/// <summary>How a launched sweep stands.</summary>
/// <param name="Axes">The options that differ between the points.</param>
/// <param name="Rungs">Epochs of each; one without a number where nothing is halved.</param>
/// <param name="Rung">The one that is going on or was the last, from 0.</param>
/// <param name="Best">Index of the best point of those that have come furthest; null before one is scored.</param>
/// <param name="Points">In the order in which they were drawn.</param>
public sealed record SweepReport(
    string Group, string? Name, string Target, string Dataset, string? Preset, string Device, RunState State, string? Stopped,
    IReadOnlyList<string> Axes, IReadOnlyList<int?> Rungs, int Rung, int? Best, IReadOnlyList<SweptPoint> Points)
{
    public static SweepReport Of(SweepRecord record, IRunStore store)
    {
        var rung = record.Rung;
        var points = record.Points.Select((point, index) => SweptPoint.Of(index, point, rung, store)).ToList();
        return new(
            record.Group, record.Request.Name, record.Request.Target, record.Request.Dataset, record.Request.Preset, record.Request.Device ?? "cpu",
            StateOf(record, rung, points), record.Stopped, [.. record.Points[0].Values.Keys], record.Rungs, rung,
            points.Where(point => point.Miou is not null).OrderByDescending(point => point.Rung).ThenByDescending(point => point.Miou)
                .Select(point => (int?)point.Point).FirstOrDefault(),
            points);
    }

    /// <summary>It goes on as long as a run does, or another rung is to come; what failed on its way does not end it.</summary>
    private static RunState StateOf(SweepRecord record, int rung, List<SweptPoint> points)
    {
        var states = points.Where(point => point.Rung == rung).SelectMany(point => point.Runs).Select(run => run.State).ToList();
        RunState[] alive = [RunState.Running, RunState.Interrupted, RunState.Queued];
        if (alive.Where(state => states.Contains(state)).Cast<RunState?>().FirstOrDefault() is { } live)
            return live;
        if (record.Stopped is not null)
            return RunState.Cancelled;
        if (states.All(state => state is not RunState.Finished))
            return states.Contains(RunState.Failed) ? RunState.Failed : RunState.Cancelled;
        return rung == record.Rungs.Count - 1 ? RunState.Finished : RunState.Queued;
    }
}

/// <summary>How a point stands.</summary>
/// <param name="Point">Its index.</param>
/// <param name="Rung">The one that it has reached, from 0.</param>
/// <param name="Ended">True where it trained for fewer epochs than others because they were better.</param>
/// <param name="Miou">Mean over the seeds that are scored, 0..1; null before one is. Of the last rung.</param>
/// <param name="Lowest">Of the seeds; so is <paramref name="Highest"/>.</param>
/// <param name="Runs">Of the last rung, one a seed.</param>
public sealed record SweptPoint(
    int Point, IReadOnlyDictionary<string, JsonNode> Values, int Rung, bool Ended, double? Miou, double? Lowest, double? Highest,
    IReadOnlyList<SweptRun> Runs)
{
    internal static SweptPoint Of(int index, RecordedPoint point, int last, IRunStore store)
    {
        var runs = point.Rungs[^1].Select(id => SweptRun.Of(id, store)).ToList();
        var scores = runs.Where(run => run.State == RunState.Finished).Select(run => run.Miou).OfType<double>().ToList();
        return new(index, point.Values, point.Rungs.Count - 1, point.Rungs.Count - 1 < last,
            scores.Count == 0 ? null : scores.Average(), scores.Count == 0 ? null : scores.Min(), scores.Count == 0 ? null : scores.Max(), runs);
    }
}

/// <summary>A point's run of one seed.</summary>
/// <param name="State">Null where it has been deleted.</param>
/// <param name="Fraction">0..1 of the run.</param>
public sealed record SweptRun(string Run, RunState? State, double Fraction, double? Miou)
{
    internal static SweptRun Of(string id, IRunStore store) =>
        store.Find(id) is { } run ? new(id, run.State, run.Fraction, run.Miou) : new(id, null, 0, null);
}
