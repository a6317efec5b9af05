using System.Collections.Concurrent;
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
/// Whatever a folder holds, only its own run is damaged.
/// </summary>
public sealed class RunStore : IRunStore, IDisposable
{
    private static readonly TimeSpan LogPace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ScanPace = TimeSpan.FromMilliseconds(500);

    /// <summary>Idle runs that stay in memory: about as many as one page overlays.</summary>
    private const int LoadedRuns = 32;

    /// <summary>With more, they are written to the index and let go: many at once, because one transaction takes as long as a hundred rows.</summary>
    private const int MostLoadedRuns = 160;

    private readonly DataFolder _data;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly OnceLogged _troubles;
    private readonly RunIndex _index;
    private readonly RunIndexWriter _writer;
    private readonly RunFolders _folders;
    private readonly IdleRuns _idle;
    private readonly RunRecipes _recipes;
    private readonly ConcurrentDictionary<string, RunEntry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unborn = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _loaded = new();
    private readonly RunChanges _changes;
    private readonly RunLists _lists;
    private readonly OwnThread _following = new();
    private readonly Lock _scanning = new();
    private volatile bool _lost;
    private bool _isClosed;

    private RunStore(DataFolder data, TimeProvider time, RunIndex index, ILogger? log, bool follow, RunFolders? folders = null)
    {
        (_data, _time, _index, _log) = (data, time, index, log ?? NullLogger.Instance);
        (_troubles, _changes) = (new(_log), new(_log));
        (_folders, _idle, _recipes) = (folders ?? new(data, time), new(data), new(data));
        _writer = new RunIndexWriter(index, Row, _log, keeps: follow);
        _lists = new RunLists(index, _writer, _entries, time);
        index.Lost += () => _lost = true;
        foreach (var (id, state, stamp) in index.Stamps())
            _idle.Add(id, state is RunState.Queued or RunState.Running ? RunStamp.None : stamp);
        Scan(inAnyCase: true);
        foreach (var id in _idle.Ids.Where(_idle.IsStale).ToList())
            Open(id);
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
        _entries.TryGetValue(id, out var entry) ? _lists.Present(entry.Summary) : _idle.Contains(id) ? _index.Find(id) : null;

    public RunFolder? Folder(string id) => _entries.TryGetValue(id, out var entry) ? entry.Folder : _idle.Contains(id) ? _data.Run(id) : null;

    public RunLabels Label(string id, Func<RunLabels, RunLabels> change)
    {
        var labels = RunLabelsFile.Change(Folder(id) ?? throw new InvalidRunException("run", $"There is no run '{id}'. It may have been deleted."),
            change);
        Refresh(id);
        return labels;
    }

    public IReadOnlyList<RunEvaluated> EvaluationsOf(string id) => _entries.TryGetValue(id, out var entry)
        ? [.. entry.Evaluations.Select(evaluated => WorldVariants.ToldApart(entry.Spec, evaluated))]
        : _idle.Contains(id) ? _index.EvaluationsOf(id) : [];

    public IReadOnlyList<string> Metrics(string id) =>
        _entries.TryGetValue(id, out var entry) ? entry.Metrics : _idle.Contains(id) ? _index.Metrics(id) : [];

    public IAsyncEnumerable<RunEvent> Follow(string id, long afterSeq, CancellationToken stop)
    {
        // An identifier may come from a browser: only that of a known run becomes a path.
        return Folder(id) is { } folder ? EventLogFollower.ReadAsync(folder.Events, afterSeq, IsOver, stop, _time) : NoEvents();

        // Not over: a resumed run, whose log ends with an earlier last word until its worker speaks.
        bool IsOver(RunEvent? last) => Folder(id) is null
            || (last is { IsLast: true } && (!_entries.TryGetValue(id, out var entry) || (entry.Summary.LastSeq == last.Seq && !entry.IsLive)));
    }

    public MetricSeries Series(string id, string metric, long fromStep, long toStep, int buckets)
    {
        if (!_entries.ContainsKey(id) && _idle.Contains(id))
            Open(id);
        if (!_entries.TryGetValue(id, out var entry))
            return new MetricSeries(id, metric, [], [], [], [], [], 0);
        lock (entry.Sync)
            return (entry.Metric(metric) ?? new MetricColumn()).Thin(id, metric, fromStep, toStep, buckets);
    }

    /// <summary>Follows every run until it is told to stop.</summary>
    /// <exception cref="Exception">The folder cannot be read, or something that nobody foresaw: it may be called again.</exception>
    public Task FollowAsync(CancellationToken stop) => _following.RunAsync(FollowAll, stop);

    /// <summary>Tells subscribers of changes until it is told to stop.</summary>
    /// <inheritdoc cref="FollowAsync"/>
    public Task NotifyAsync(CancellationToken stop) => _changes.DeliverAsync(stop);

    /// <summary>Writes changes to the index, without being asked, until it is told to stop.</summary>
    /// <inheritdoc cref="FollowAsync"/>
    public Task WriteIndexAsync(CancellationToken stop) => _writer.WriteAsync(stop);

    public IDisposable Subscribe(Action<string> onRunChanged) => _changes.Subscribe(onRunChanged);

    /// <summary>Goes on in memory: the index on the disk is another dashboard's from now on.</summary>
    public void LeaveIndex() => _index.Leave("another dashboard leads on this data folder");

    /// <summary>Looks at one run now: after something has been done to its folder.</summary>
    public RunSummary? Refresh(string id)
    {
        Scan(inAnyCase: true);
        if (_entries.TryGetValue(id, out var entry))
            Update(entry, entry.Refresh);
        else if (_idle.Contains(id) || _folders.Has(id))
            Open(id);
        return Find(id);
    }

    /// <summary>The same of several, which costs little more than of one.</summary>
    public void Refresh(IReadOnlyCollection<string> ids)
    {
        Scan(inAnyCase: true);
        foreach (var id in ids)
            if (_entries.TryGetValue(id, out var entry))
                Update(entry, entry.Refresh);
            else if (_idle.Contains(id))
                Open(id);
    }

    /// <summary>The ticket of a run that waits for its worker.</summary>
    internal QueueTicket? Ticket(string id) => _entries.GetValueOrDefault(id)?.Ticket;

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
        _writer.Dispose();
        _changes.Dispose();
        foreach (var entry in _entries.Values)
            entry.Dispose();
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
                Update(entry, entry.ReadNew);
            foreach (var entry in waiting.NextTouched(live.Queued))
                Update(entry, entry.Refresh);
            if (_time.GetElapsedTime(scanned) < ScanPace)
                continue;
            scanned = _time.GetTimestamp();
            if (LookAround())
                _troubles.Clear();
        }
    }

    /// <returns>False where there is nothing to be looked at.</returns>
    private bool LookAround()
    {
        if (Problem is { } problem)
        {
            _troubles.Warn(problem);
            return false;
        }
        var lost = _lost;
        if (lost)
        {
            _lost = false;
            _idle.Clear();
            foreach (var id in _entries.Keys)
                _writer.Changed(id);
        }
        Scan(inAnyCase: lost);
        foreach (var entry in _entries.Values.Where(entry => entry.Summary.State != RunState.Queued)
            .Where(entry => entry.IsLive || entry.Stamp.IsStale(entry.Folder)))
            Update(entry, entry.Refresh);
        foreach (var id in _idle.NextStale())
            Open(id);
        LetGo(LoadedRuns);
        return true;
    }

    /// <summary>What another host writes at this moment is not SQLite's to read: it knows no locks but this host's.</summary>
    private static RunIndex CopyOfIndex(DataFolder data, TimeProvider time) =>
        RunIndex.Copy(data.Leader(time) is { Process.IsLocal: false } ? null : data.Index);

    private static async IAsyncEnumerable<RunEvent> NoEvents()
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield break;
    }

    /// <summary>Finds folders that have come and gone.</summary>
    private void Scan(bool inAnyCase)
    {
        lock (_scanning)
        {
            // Folders whose spec was still being written.
            foreach (var id in _unborn.ToList())
                Open(id);
            if (_folders.List(inAnyCase) is not { } there)
                return;
            foreach (var id in there.Where(id => !_entries.ContainsKey(id) && !_idle.Contains(id)))
                Open(id);
            foreach (var id in _entries.Keys.Concat(_idle.Ids).Where(id => !there.Contains(id) && !_folders.Has(id)).ToList())
                Forget(id);
            _unborn.IntersectWith(there);
        }
    }

    /// <summary>Reads a run's folder into memory.</summary>
    private void Open(string id)
    {
        lock (_scanning)
        {
            if (_entries.ContainsKey(id))
                return;
            var folder = _data.Run(id);
            if (!File.Exists(folder.Spec) && !File.Exists(folder.Events))
            {
                // No run yet: its spec is being written.
                _unborn.Add(id);
                return;
            }
            _unborn.Remove(id);
            var entry = new RunEntry(folder, _time, _recipes);
            if (!Try(entry, entry.Refresh, isKnown: false) && !Directory.Exists(folder.Path))
                return;
            entry.Unload(unlessLive: true);
            _entries[id] = entry;
            _idle.Remove(id);
            _writer.Changed(id);
            _lists.Change(list: true, evaluations: true);
            _changes.Announce(id);
            if (!entry.IsLive)
                _loaded.Enqueue(id);
        }
        if (_loaded.Count > MostLoadedRuns)
            LetGo(LoadedRuns);
    }

    private void Forget(string id)
    {
        _idle.Remove(id);
        if (_entries.TryRemove(id, out var gone))
            lock (gone.Sync)
                gone.Dispose();
        _writer.Removed(id);
        _lists.Change(list: true, evaluations: true);
        _changes.Announce(id);
    }

    private void Update(RunEntry entry, Func<bool> update)
    {
        lock (entry.Sync)
        {
            if (!_entries.TryGetValue(entry.Folder.Id, out var known) || known != entry)
                return;
            var (before, evaluations) = (entry.Summary.State, entry.Evaluations);
            if (!Try(entry, update, isKnown: true))
                return;
            if (before != entry.Summary.State && !entry.IsLive)
                _loaded.Enqueue(entry.Folder.Id);
            // While the entry is held: who lets it go sees that it is still to be written.
            _writer.Changed(entry.Folder.Id);
            _lists.Change(before != entry.Summary.State, !ReferenceEquals(evaluations, entry.Evaluations));
        }
        _changes.Announce(entry.Folder.Id);
    }

    /// <returns>Whether something about the run has changed.</returns>
    private bool Try(RunEntry entry, Func<bool> update, bool isKnown)
    {
        var before = entry.Summary.State;
        bool changed;
        try
        {
            changed = update();
        }
        catch (Exception error) when (!Directory.Exists(entry.Folder.Path) || (isKnown && error is IOException))
        {
            // A shared folder that is away, or a folder that is just being deleted: the next look decides.
            return false;
        }
        catch (Exception error)
        {
            // Whatever one folder holds, the others are shown.
            changed = entry.Fail(error is InvalidDataException ? error.Message : $"{entry.Folder.Path} cannot be read: {error.Message}");
        }
        if (changed && entry.Summary.State == RunState.Damaged && before != RunState.Damaged)
            _log.LogWarning("Run {Id} is damaged: {Message}", entry.Folder.Id, entry.Summary.Message);
        return changed;
    }

    /// <summary>Lets idle runs go but for the last few that were asked for: the index has them.</summary>
    private void LetGo(int keep)
    {
        if (_loaded.Count <= keep)
            return;
        _writer.WhenWritten(isPending =>
        {
            for (var left = _loaded.Count - keep; left > 0 && _loaded.TryDequeue(out var id); left--)
                if (_entries.TryGetValue(id, out var entry))
                    lock (entry.Sync)
                    {
                        if (entry.IsLive)
                            continue;
                        if (isPending(id))
                        {
                            _loaded.Enqueue(id);
                            continue;
                        }
                        entry.Unload();
                        _idle.Add(id, entry.Stamp);
                        _entries.TryRemove(id, out _);
                    }
        });
    }

    private IndexedRun? Row(string id)
    {
        if (!_entries.TryGetValue(id, out var entry))
            return null;
        lock (entry.Sync)
            return IndexedRows.Of(entry.Summary, entry.Evaluations, entry.Metrics, entry.Stamp);
    }
}
