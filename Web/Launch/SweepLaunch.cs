using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Sweeps;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Sweeps;

namespace Dashboard.Web.Launch;

/// <summary>
/// Sweeps of a dashboard: planned, queued, taken from rung to rung, looked at, stopped, resumed. Each is its record in the data folder, which another
/// dashboard may change too; the leading one takes all of them from rung to rung.
/// </summary>
/// <param name="lead">Null: there is no other dashboard.</param>
public sealed class SweepLaunch(IRunQueue queue, IRunStore store, DataFolder data, TimeProvider time, ILogger<SweepLaunch> log, Lead? lead = null)
    : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    /// <summary>Held by whoever changes a record.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>What would be done now; nothing is queued.</summary>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public async Task<SettledSweep> PlanAsync(SweepRequest request, CancellationToken stop = default)
    {
        var sweep = SweepPlan.Of(request);
        return new(sweep, await queue.PlanAsync([.. sweep.Runs(All(sweep), rung: 0).SelectMany(run => run.Runs)], stop));
    }

    /// <summary>Queues the first rung: all of it, or nothing.</summary>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public async Task<SweepRecord> SubmitAsync(SweepRequest request, CancellationToken stop = default)
    {
        var sweep = SweepPlan.Of(request);
        var record = new SweepRecord(PipelineRecord.NewGroup("sweep", time), request, time.GetUtcNow(),
            [.. sweep.Points.Select(point => new RecordedPoint(point.Values, []))], sweep.Rungs);
        return await LaunchAsync(sweep, record, All(sweep), rung: 0, stop);
    }

    public SweepRecord? Find(string group) => SweepRecord.Read(data, group);

    public SweepReport Report(SweepRecord record) => SweepReport.Of(record, store);

    /// <summary>The last ones, newest first.</summary>
    public IReadOnlyList<SweepRecord> Newest(int count) => [.. SweepRecord.Newest(data).Take(count)];

    /// <summary>Stops what runs and what waits; but not what others wait for.</summary>
    public Task<SweepRecord> StopAsync(SweepRecord record) => StopAsync(record, "It was stopped.", StopScope.IsLive);

    /// <summary>Goes on with every run that has stopped on its way, and with the rungs that are to come.</summary>
    public async Task<SweepRecord> ResumeAsync(SweepRecord record)
    {
        foreach (var id in record.RunsOfLastRung())
            if (store.Find(id) is { State: RunState.Cancelled or RunState.Interrupted or RunState.Failed })
                queue.Resume(id);
        // Only now: as long as its runs stood still, the rung would have looked as if it had ended.
        return await ChangeAsync(record, known => known with { Stopped = null });
    }

    /// <summary>Takes sweeps from rung to rung, for as long as the dashboard leads.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        // As they were last read; null where one does not go on by itself, until somebody changes it.
        var read = new Dictionary<string, (string Sign, SweepRecord? Record)>(StringComparer.Ordinal);
        while (!stop.IsCancellationRequested)
        {
            foreach (var (group, sign) in lead?.MayAct() == false ? [] : SweepRecord.Signs(data))
            {
                if (!read.TryGetValue(group, out var known) || known.Sign != sign)
                    known = (sign, Find(group));
                read[group] = known.Record is { } record && await GoesOnAsync(record, stop) ? known : (sign, null);
            }
            await Task.Delay(BetweenLooks, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <param name="which">Of its runs.</param>
    private async Task<SweepRecord> StopAsync(SweepRecord record, string why, Func<RunSummary?, bool> which)
    {
        record = await ChangeAsync(record, known => known with { Stopped = why });
        await queue.StopAsync(StopScope.Of(store, [.. record.RunsOfLastRung().Distinct()], which));
        return record;
    }

    /// <returns>Whether anything is to come.</returns>
    private async Task<bool> GoesOnAsync(SweepRecord record, CancellationToken stop)
    {
        if (record.Stopped is not null)
            return false;
        if (record.Request.Hours is { } hours && time.GetUtcNow() > record.Created.AddHours(hours) && HasLeft(record))
        {
            // What runs ends by itself: nothing more is begun.
            await StopAsync(record, $"Its {hours:0.##} hours were over.", IsQueued);
            return false;
        }
        var runs = record.RunsOfLastRung().Select(store.Find).ToList();
        if (runs.Any(run => StopScope.IsLive(run) || run?.State == RunState.Interrupted))
            return true;
        if (record.Rung == record.Rungs.Count - 1)
            return false;
        await PromoteAsync(record, stop);
        return true;
    }

    private async Task PromoteAsync(SweepRecord record, CancellationToken stop)
    {
        var report = Report(record);
        var scores = report.Points.Where(point => point.Rung == report.Rung).Select(point => (point.Point, point.Miou)).ToList();
        var promoted = new SuccessiveHalving().Promoted(scores);
        try
        {
            if (promoted.Count == 0)
                await StopAsync(record, "None of its points has been scored.", StopScope.IsLive);
            else
                await LaunchAsync(SweepPlan.Of(record.Request), record, promoted, record.Rung + 1, stop);
        }
        catch (InvalidRunException error)
        {
            log.LogWarning("The sweep {Group} cannot go on to its next rung: {Reason}", record.Group, error.Message);
            await StopAsync(record, $"Its next rung cannot be launched: {error.Message}", StopScope.IsLive);
        }
    }

    private async Task<SweepRecord> LaunchAsync(SweepPlan sweep, SweepRecord record, IReadOnlyList<int> points, int rung, CancellationToken stop)
    {
        var runs = sweep.Runs(points, rung, record.Group);
        await _turn.WaitAsync(stop);
        try
        {
            using var turn = await TakeTurnAsync(stop);
            record = Find(record.Group) ?? record;
            if (record.Stopped is not null || record.Rung >= rung)
                return record;
            await queue.SubmitAllAsync(
                [.. runs.SelectMany(run => run.Runs)],
                plan =>
                {
                    // The scored run of each is the last of its own.
                    var (scored, end) = (new List<(int, string)>(), 0);
                    foreach (var run in runs)
                        scored.Add((run.Point, plan.Wanted[(end += run.Runs.Count) - 1].Spec.Id));
                    (record = record.With(scored)).Write(data);
                },
                stop);
            return record;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Changes what is written now, which may be more than what the caller has read.</summary>
    private async Task<SweepRecord> ChangeAsync(SweepRecord record, Func<SweepRecord, SweepRecord> change)
    {
        await _turn.WaitAsync();
        try
        {
            using var turn = await TakeTurnAsync(CancellationToken.None);
            var changed = change(Find(record.Group) ?? record);
            changed.Write(data);
            return changed;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Among the dashboards on this data folder.</summary>
    private async Task<ProcessLock> TakeTurnAsync(CancellationToken stop)
    {
        while (true)
        {
            if (ProcessLock.TryTake(data.Path, "sweeps", time) is { } turn)
                return turn;
            await Task.Delay(BetweenTries, time, stop);
        }
    }

    private bool HasLeft(SweepRecord record) => record.Rung < record.Rungs.Count - 1
        || record.RunsOfLastRung().Any(id => IsQueued(store.Find(id)));

    private static IReadOnlyList<int> All(SweepPlan sweep) => [.. Enumerable.Range(0, sweep.Points.Count)];

    private static bool IsQueued(RunSummary? run) => run?.State == RunState.Queued;
}

/// <summary>A sweep that could be launched now.</summary>
/// <param name="Runs">Of the first rung: what is made, what is reused.</param>
public sealed record SettledSweep(SweepPlan Sweep, SettledPlan Runs);
