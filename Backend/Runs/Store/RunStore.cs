using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Backend.Runs.Store;

/// <summary>
/// Knows what every run folder under DATA/runs says: of runs that are live from memory, of all others from the index, which lists are asked of. Runs
/// of other launchers, other machines and a former dashboard are followed alike: a run is its folder, and its worker's lock tells whether it lives.
/// </summary>
public sealed class RunStore : IRunStore, IDisposable
{
    private static readonly TimeSpan LogPace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ScanPace = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly OnceLogged _troubles;
    private readonly RunIndex _index;
    private readonly RunFolders _folders;
    private readonly KnownRuns _runs;
    private readonly RunLists _lists;
    private readonly OwnThread _following = new();
    private bool _isClosed;

    private RunStore(DataFolder data, TimeProvider time, RunIndex index, ILogger? log, bool follow, RunFolders? folders = null)
    {
        log ??= NullLogger.Instance;
        (_time, _index, _folders, _troubles) = (time, index, folders ?? new(data, time), new(log));
        _runs = new KnownRuns(data, time, _folders, index, log, keepsIndex: follow);
        _lists = _runs.Lists;
    }

    /// <summary>
    /// For the process that serves the folder: knows the runs as they are now, and from then on while <see cref="FollowAsync"/>,
    /// <see cref="NotifyAsync"/> and <see cref="WriteIndexAsync"/> go on.
    /// </summary>
    /// <param name="keepsIndex">Whether the index is a file of this process: of one alone. The others have theirs in memory.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static RunStore Follow(DataFolder data, TimeProvider time, ILogger<RunStore>? log = null, bool keepsIndex = true)
    {
        Directory.CreateDirectory(data.Runs);
        return new RunStore(data, time, keepsIndex ? RunIndex.Open(data.Index, log) : CopyOfIndex(data, time), log, follow: true);
    }

    /// <summary>The same over a list of folders that may lag behind, as on a shared file system.</summary>
    internal static RunStore Follow(DataFolder data, TimeProvider time, RunFolders folders) =>
        new(data, time, RunIndex.Copy(null), null, follow: true, folders);

    /// <summary>For a command that looks once: reads the index where there is one, writes nothing.</summary>
    public static RunStore Look(DataFolder data, TimeProvider time) => new(data, time, CopyOfIndex(data, time), null, follow: false);

    /// <summary>One run, wherever it lies.</summary>
    /// <exception cref="InvalidDataException">The folder is not a run.</exception>
    public static RunSummary Look(RunFolder folder, TimeProvider time)
    {
        using var entry = new RunEntry(folder, time);
        entry.Refresh();
        return entry.Summary;
    }

    /// <summary>Rebuilds the index from the run folders alone.</summary>
    /// <returns>The number of runs.</returns>
    /// <exception cref="IOException">A dashboard serves the folder, or the index cannot be written.</exception>
    public static int Reindex(DataFolder data, TimeProvider time)
    {
        using var lead = data.TryLead(Lead.DefaultLength, time)
            ?? throw new IOException($"A dashboard serves {data.Path} and keeps its index up to date. Stop it first.");
        RunIndex.Drop(data.Index);
        using var store = Follow(data, time);
        return store.Page(new RunFilter(), 0, 0).All;
    }

    public string? Problem => _folders.Problem;

    public long ListVersion => _lists.ListVersion;

    public long EvaluationsVersion => _lists.EvaluationsVersion;

    public IReadOnlyList<RunSummary> Runs => _lists.All();

    public IReadOnlyList<RunSummary> Live => _lists.Live();

    public IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> Evaluations => _lists.Evaluations();

    public RunPage Page(RunFilter filter, int offset, int limit, IReadOnlyCollection<string>? folded = null) =>
        _lists.Page(filter, offset, limit, folded ?? []);

    public IReadOnlyDictionary<string, GroupTotals> Groups(RunGrouping grouping, IReadOnlyCollection<string> keys) =>
        keys.Count == 0 ? new Dictionary<string, GroupTotals>() : _lists.Groups(grouping, keys);

    public IReadOnlyList<RunSummary> OfMethod(string method) => _lists.Of(index => index.OfMethod(method));

    public IReadOnlyList<RunSummary> InGroup(string group) => _lists.Of(index => index.InGroup(group));

    public IReadOnlyList<RunSummary> StartingFrom(string id) => _lists.Of(index => index.StartingFrom(id));

    public IReadOnlyList<RunSummary> WithKeys(IReadOnlyCollection<string> keys) => keys.Count == 0 ? [] : _lists.Of(index => index.WithKeys(keys));

    public IReadOnlyList<RunSummary> WithoutKey(string method) => _lists.Of(index => index.WithoutKey(method));

    public IReadOnlyList<double> DurationsLike(RunSpec spec) => _lists.DurationsLike(spec);

    public LeadingEvaluations Leading(int? top, string? protocol, string? className) => _lists.Leading(top, protocol, className);

    public BoardPage Board(string? protocol, string? className, int skip, int take) => _lists.Board(protocol, className, skip, take);

    public RunSummary? Find(string id) =>
        _runs.Entry(id) is { } entry ? _lists.Present(entry.Summary) : _runs.IsIdle(id) ? _index.Find(id) : null;

    public RunFolder? Folder(string id) => _runs.Folder(id);

    public RunLabels Label(string id, Func<RunLabels, RunLabels> change)
    {
        var labels = RunLabelsFile.Change(Folder(id) ?? throw new InvalidRunException("run", $"There is no run '{id}'. It may have been deleted."),
            change);
        Refresh(id);
        return labels;
    }

    public IReadOnlyList<RunEvaluated> EvaluationsOf(string id) => _runs.Entry(id) is { } entry
        ? [.. entry.Evaluations.Select(evaluated => WorldVariants.ToldApart(entry.Spec, evaluated))]
        : _runs.IsIdle(id) ? _index.EvaluationsOf(id) : [];

    public IReadOnlyList<string> Metrics(string id) => _runs.Entry(id) is { } entry ? entry.Metrics : _runs.IsIdle(id) ? _index.Metrics(id) : [];

    public IAsyncEnumerable<RunEvent> Follow(string id, long afterSeq, CancellationToken stop)
    {
        // An identifier may come from a browser: only that of a known run becomes a path.
        return Folder(id) is { } folder ? EventLogFollower.ReadAsync(folder.Events, afterSeq, IsOver, stop, _time) : NoEvents();

        // Not over: a resumed run, whose log ends with an earlier last word until its worker speaks.
        bool IsOver(RunEvent? last) => Folder(id) is null
            || (last is { IsLast: true } && (_runs.Entry(id) is not { } entry || (entry.Summary.LastSeq == last.Seq && !entry.IsLive)));
    }

    public MetricSeries Series(string id, string metric, long fromStep, long toStep, int buckets)
    {
        if (_runs.Load(id) is not { } entry)
            return new MetricSeries(id, metric, [], [], [], [], [], 0);
        lock (entry.Sync)
            return (entry.Metric(metric) ?? new MetricColumn()).Thin(id, metric, fromStep, toStep, buckets);
    }

    /// <summary>Follows every run until it is told to stop.</summary>
    /// <exception cref="Exception">The folder cannot be read, or something that nobody foresaw: it may be called again.</exception>
    public Task FollowAsync(CancellationToken stop) => _following.RunAsync(FollowAll, stop);

    /// <summary>Tells subscribers of changes until it is told to stop.</summary>
    /// <inheritdoc cref="FollowAsync"/>
    public Task NotifyAsync(CancellationToken stop) => _runs.Changes.DeliverAsync(stop);

    /// <summary>Writes changes to the index, without being asked, until it is told to stop.</summary>
    /// <inheritdoc cref="FollowAsync"/>
    public Task WriteIndexAsync(CancellationToken stop) => _runs.Writer.WriteAsync(stop);

    public IDisposable Subscribe(Action<string> onRunChanged) => _runs.Changes.Subscribe(onRunChanged);

    /// <summary>Goes on in memory: the index on the disk is another dashboard's from now on.</summary>
    public void LeaveIndex() => _index.Leave("another dashboard leads on this data folder");

    /// <summary>Looks at one run now: after something has been done to its folder.</summary>
    public RunSummary? Refresh(string id)
    {
        _runs.Refresh(id);
        return Find(id);
    }

    /// <summary>The same of several, which costs little more than of one.</summary>
    public void Refresh(IReadOnlyCollection<string> ids) => _runs.Refresh(ids);

    /// <summary>The ticket of a run that waits for its worker.</summary>
    internal QueueTicket? Ticket(string id) => _runs.Entry(id)?.Ticket;

    /// <summary>The runs that wait for a worker, the first to begin first.</summary>
    internal IEnumerable<(RunSpec Spec, QueueTicket Ticket, RunFolder Folder)> Waiting =>
        from entry in _lists.Waiting let ticket = entry.Ticket where ticket is not null select (entry.Spec, ticket, entry.Folder);

    public void Dispose()
    {
        // Known under two service types, the container disposes it twice.
        if (_isClosed)
            return;
        _isClosed = true;
        _following.Dispose();
        _runs.Dispose();
        _index.Dispose();
    }

    private void FollowAll(CancellationToken stop)
    {
        var scanned = _time.GetTimestamp();
        var waiting = new WaitingRuns();
        while (!stop.WaitHandle.WaitOne(_lists.LiveEntries.Any ? LogPace : ScanPace))
        {
            var live = _lists.LiveEntries;
            foreach (var entry in live.Running)
                _runs.Update(entry, entry.ReadNew);
            foreach (var entry in waiting.NextTouched(live.Queued))
                _runs.Update(entry, entry.Refresh);
            if (_time.GetElapsedTime(scanned) < ScanPace)
                continue;
            scanned = _time.GetTimestamp();
            if (Problem is { } problem)
            {
                _troubles.Warn(problem);
                continue;
            }
            _runs.LookAround();
            _troubles.Clear();
        }
    }

    /// <summary>What another host writes at this moment is not SQLite's to read: it knows no locks but this host's.</summary>
    private static RunIndex CopyOfIndex(DataFolder data, TimeProvider time) =>
        RunIndex.Copy(data.Leader(time) is { Process.IsLocal: false } ? null : data.Index);

    private static async IAsyncEnumerable<RunEvent> NoEvents()
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield break;
    }
}
