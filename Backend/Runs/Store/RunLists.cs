using System.Collections.Concurrent;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Store;

/// <summary>
/// Lists of runs: asked of the index, with what is newer in memory laid over it. The same list is asked for by many pages at once, and is made once.
/// </summary>
internal sealed class RunLists(RunIndex index, RunIndexWriter writer, ConcurrentDictionary<string, RunEntry> entries, TimeProvider time)
{
    /// <summary>Lists that are kept: one a filter that somebody looks at.</summary>
    private const int Kept = 64;

    private readonly ConcurrentDictionary<object, (long Version, object List)> _kept = new();
    private long _version;
    private long _listVersion;
    private long _evaluationsVersion;

    /// <inheritdoc cref="IRunStore.ListVersion"/>
    public long ListVersion => Volatile.Read(ref _listVersion);

    /// <inheritdoc cref="IRunStore.EvaluationsVersion"/>
    public long EvaluationsVersion => Volatile.Read(ref _evaluationsVersion);

    /// <summary>After something about a run has changed.</summary>
    /// <param name="list">It came, went, or changed its state.</param>
    /// <param name="evaluations">So did its evaluations.</param>
    public void Change(bool list, bool evaluations)
    {
        Interlocked.Increment(ref _version);
        if (list)
            Interlocked.Increment(ref _listVersion);
        if (evaluations)
            Interlocked.Increment(ref _evaluationsVersion);
    }

    /// <summary>Queued and running ones, newest first.</summary>
    public IReadOnlyList<RunSummary> Live() =>
        [.. entries.Values.Where(entry => entry.IsLive)
            .Select(entry => Present(entry.Summary))
            .OrderByDescending(run => run.Spec.Created)
            .ThenByDescending(run => run.Spec.Id, StringComparer.Ordinal)];

    public IReadOnlyList<RunSummary> All() => Keep(nameof(All), Volatile.Read(ref _version), () => Of(index => index.All()));

    public IReadOnlyList<RunSummary> Of(Func<RunIndex, IReadOnlyList<RunSummary>> query)
    {
        writer.Flush();
        return [.. query(index).Select(Present)];
    }

    public IReadOnlyDictionary<string, GroupTotals> Groups(RunGrouping grouping, IReadOnlyCollection<string> keys) =>
        Keep((nameof(Groups), grouping, string.Join('\n', keys)), Volatile.Read(ref _version), () =>
    {
        writer.Flush();
        return index.Groups(grouping, keys);
    });

    public IReadOnlyList<double> DurationsLike(RunSpec spec)
    {
        writer.Flush();
        return index.DurationsLike(spec);
    }

    public RunPage Page(RunFilter filter, int offset, int limit, IReadOnlyCollection<string> folded)
    {
        var page = Keep((filter, offset, limit, string.Join('\n', folded)), Volatile.Read(ref _version), () =>
        {
            writer.Flush();
            return index.Page(filter, time.GetUtcNow(), offset, limit, folded);
        });
        return page with { Runs = [.. page.Runs.Select(Present)] };
    }

    public IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> Evaluations() =>
        Keep<IReadOnlyList<(RunSummary, RunEvaluated)>>(nameof(Evaluations), EvaluationsVersion, () =>
    {
        var runs = All().ToDictionary(run => run.Spec.Id, StringComparer.Ordinal);
        return [.. index.Evaluations().Where(entry => runs.ContainsKey(entry.Run)).Select(entry => (runs[entry.Run], entry.Evaluation))];
    });

    public LeadingEvaluations Leading(int? top, string? protocol, string? className) =>
        Keep((nameof(Leading), top, protocol, className), EvaluationsVersion, () =>
    {
        writer.Flush();
        return index.Leading(top, protocol, className);
    });

    public BoardPage Board(string? protocol, string? className, int skip, int take) =>
        Keep((nameof(Board), protocol, className, skip, take), EvaluationsVersion, () =>
    {
        writer.Flush();
        return index.Board(protocol, className, skip, take);
    });

    /// <summary>What waits or goes on: asked for many times a second, and made only when something has come, gone, begun or ended.</summary>
    public LiveRuns LiveEntries => Keep(nameof(LiveEntries), ListVersion, () => LiveRuns.Of(entries.Values));

    /// <summary>What waits, in the order in which it may begin.</summary>
    public IReadOnlyList<RunEntry> Waiting => Order().Entries;

    /// <summary>The run as it is now, with its place among those that wait for the same device.</summary>
    public RunSummary Present(RunSummary run)
    {
        var now = entries.TryGetValue(run.Spec.Id, out var entry) ? entry.Summary : run;
        return now.State == RunState.Queued ? now with { QueuePosition = Order().PlaceOf(run.Spec.Id) } : now;
    }

    private QueueOrder Order() => Keep(nameof(Order), ListVersion, () => QueueOrder.Of(entries.Values));

    private T Keep<T>(object key, long version, Func<T> make)
        where T : class
    {
        // The version is read before the list is made: what changes meanwhile makes it an old one, however late it is kept.
        if (_kept.TryGetValue(key, out var kept) && kept.Version == version)
            return (T)kept.List;
        var list = make();
        if (_kept.Count >= Kept)
            _kept.Clear();
        _kept[key] = (version, list);
        return list;
    }
}
