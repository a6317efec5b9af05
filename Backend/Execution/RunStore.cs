using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Dashboard.Backend.Storage;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution;

/// <summary>
/// Keeps what every run folder under DATA/runs says: in memory while a run is live, in the index on disk otherwise, so that
/// a restart opens only the logs that have changed. Runs of other launchers, other machines and a former dashboard are followed alike:
/// a run is its folder, and its worker's lock tells whether it lives.
/// </summary>
public sealed class RunStore : IRunStore, IDisposable
{
    private static readonly TimeSpan LogPace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ScanPace = TimeSpan.FromMilliseconds(500);

    /// <summary>Idle runs whose points stay in memory: about as many as one page overlays.</summary>
    private const int LoadedRuns = 32;

    private readonly DataFolder _data;
    private readonly TimeProvider _time;
    private readonly RunIndexWriter? _writer;
    private readonly ConcurrentDictionary<string, RunEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _loaded = new();
    private readonly RunChanges _changes = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _scanning = new();
    private readonly Thread? _thread;
    private VersionedView? _view;
    private long _version;

    private RunStore(DataFolder data, TimeProvider time, RunIndex? index, IReadOnlyList<IndexedRun> rows, bool follow)
    {
        (_data, _time) = (data, time);
        foreach (var row in rows)
            Adopt(row);
        if (follow && index is not null)
            _writer = new RunIndexWriter(index, Row);
        Scan();
        foreach (var entry in _entries.Values.Where(entry => entry.IsLive || entry.IsStale()))
            Refresh(entry);
        if (!follow)
            return;
        _thread = new Thread(FollowAll) { IsBackground = true, Name = "run store" };
        _thread.Start();
    }

    /// <summary>For the process that serves the folder: follows every run and keeps the index up to date.</summary>
    /// <exception cref="IOException">The folder or the index cannot be made.</exception>
    public static RunStore Follow(DataFolder data, TimeProvider time)
    {
        Directory.CreateDirectory(data.Runs);
        var index = RunIndex.Open(data.Index, out var rows);
        return new RunStore(data, time, index, rows, follow: true);
    }

    /// <summary>For a command that looks once: reads the index where there is one, writes nothing.</summary>
    public static RunStore Look(DataFolder data, TimeProvider time) =>
        new(data, time, null, RunIndex.Look(data.Index), follow: false);

    /// <summary>One run, wherever it lies.</summary>
    /// <exception cref="InvalidDataException">The folder is no run.</exception>
    public static RunSummary Look(RunFolder folder, TimeProvider time)
    {
        using var entry = new RunEntry(folder, folder.ReadSpec(), time);
        entry.Refresh();
        return entry.Summary;
    }

    /// <summary>Builds the index anew, from the run folders alone.</summary>
    /// <returns>The number of runs.</returns>
    /// <exception cref="IOException">A dashboard serves the folder, or the index cannot be written.</exception>
    public static int Reindex(DataFolder data, TimeProvider time)
    {
        using var served = data.TryServe(time) ?? throw new IOException($"A dashboard serves {data.Path} and keeps its index up to date. Stop it first.");
        RunIndex.Drop(data.Index);
        using var store = Follow(data, time);
        return store.Runs.Count;
    }

    public IReadOnlyList<RunSummary> Runs => View.Runs;

    public IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> Evaluations => View.Evaluations;

    public RunSummary? Find(string id) => View.ById.GetValueOrDefault(id);

    public RunFolder? Folder(string id) => _entries.GetValueOrDefault(id)?.Folder;

    public IReadOnlyList<string> Metrics(string id) => _entries.GetValueOrDefault(id)?.Metrics ?? [];

    public IAsyncEnumerable<RunEvent> Follow(string id, long afterSeq, CancellationToken stop)
    {
        // An identifier may come from a browser: only that of a known run becomes a path.
        var known = _entries.GetValueOrDefault(id);
        return known is null ? NoEvents() : EventLogFollower.ReadAsync(known.Folder.Events, afterSeq, IsOver, stop);

        // Not over: a resumed run, whose log ends with an earlier last word until its worker speaks.
        bool IsOver(RunEvent? last) => !_entries.TryGetValue(id, out var entry) || (last is { IsLast: true } && entry.Summary.LastSeq == last.Seq && !entry.IsLive);
    }

    public MetricSeries Series(string id, string metric, long fromStep, long toStep, int buckets)
    {
        if (!_entries.TryGetValue(id, out var entry))
            return new MetricSeries(id, metric, [], [], [], [], [], 0);
        lock (entry.Sync)
        {
            if (!entry.IsLoaded)
                _loaded.Enqueue(id);
            return (entry.Metric(metric) ?? new MetricColumn()).Thin(id, metric, fromStep, toStep, buckets);
        }
    }

    public IDisposable Subscribe(Action<string> onRunChanged) => _changes.Subscribe(onRunChanged);

    /// <summary>Looks at one run now: after something has been done to its folder.</summary>
    public RunSummary? Refresh(string id)
    {
        Scan();
        if (_entries.TryGetValue(id, out var entry))
            Refresh(entry);
        return Find(id);
    }

    /// <summary>The ticket of a run that waits for its worker.</summary>
    internal QueueTicket? Ticket(string id) => _entries.GetValueOrDefault(id)?.Ticket;

    public void Dispose()
    {
        // Known under two service types, the container disposes it twice.
        if (_closing.IsCancellationRequested)
            return;
        _closing.Cancel();
        _thread?.Join();
        _writer?.Dispose();
        _changes.Dispose();
        foreach (var entry in _entries.Values)
            entry.Dispose();
        _closing.Dispose();
    }

    private RunStoreView View
    {
        get
        {
            // Read before the view is made: what changes meanwhile makes it an old one, however late it is kept.
            var version = Volatile.Read(ref _version);
            if (Volatile.Read(ref _view) is { } kept && kept.Version == version)
                return kept.View;
            var made = RunStoreView.Of(_entries.Values);
            Volatile.Write(ref _view, new(version, made));
            return made;
        }
    }

    private void FollowAll()
    {
        var scanned = _time.GetTimestamp();
        while (!_closing.Token.WaitHandle.WaitOne(LogPace))
        {
            foreach (var entry in _entries.Values.Where(entry => entry.IsLive))
                Update(entry, entry.ReadNew);
            if (_time.GetElapsedTime(scanned) < ScanPace)
                continue;
            scanned = _time.GetTimestamp();
            LookAround();
            while (_loaded.Count > LoadedRuns && _loaded.TryDequeue(out var id))
                Unload(id);
        }
    }

    private void LookAround()
    {
        try
        {
            Scan();
            foreach (var entry in _entries.Values.Where(entry => entry.IsLive || entry.IsStale()))
                Refresh(entry);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A shared folder that is away for a moment: the next look finds it again.
            Trace.TraceWarning($"The runs could not be looked at: {error.Message}");
        }
    }

    private static async IAsyncEnumerable<RunEvent> NoEvents()
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield break;
    }

    private void Refresh(RunEntry entry) => Update(entry, entry.Refresh);

    private void Update(RunEntry entry, Func<bool> update)
    {
        lock (entry.Sync)
        {
            var wasLive = entry.IsLive;
            try
            {
                if (!update())
                    return;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A shared folder that is away, or a folder that is just being deleted: the next look decides.
                return;
            }
            if (wasLive && !entry.IsLive)
                _loaded.Enqueue(entry.Folder.Id);
        }
        Announce(entry.Folder.Id);
    }

    /// <summary>After the entry has changed: a view that was made of its old state is not used any more.</summary>
    private void Announce(string id)
    {
        Interlocked.Increment(ref _version);
        _writer?.Changed(id);
        _changes.Announce(id);
    }

    private void Unload(string id)
    {
        if (!_entries.TryGetValue(id, out var entry))
            return;
        lock (entry.Sync)
            if (!entry.IsLive)
                entry.Unload();
    }

    /// <summary>Finds folders that have come and gone.</summary>
    private void Scan()
    {
        lock (_scanning)
        {
            var there = Directory.Exists(_data.Runs) ? Directory.GetDirectories(_data.Runs).Select(path => Path.GetFileName(path)!).ToHashSet(StringComparer.Ordinal) : [];
            foreach (var id in there.Where(id => !id.StartsWith('.') && !_entries.ContainsKey(id)))
                Add(_data.Run(id));
            foreach (var id in _entries.Keys.Where(id => !there.Contains(id)))
                if (_entries.TryRemove(id, out var gone))
                {
                    lock (gone.Sync)
                        gone.Dispose();
                    Announce(id);
                }
        }
    }

    private void Add(RunFolder folder)
    {
        try
        {
            // The folder's name is the identifier: a copied folder is a run of its own.
            var entry = new RunEntry(folder, folder.ReadSpec() with { Id = folder.Id }, _time);
            entry.Refresh();
            _entries[folder.Id] = entry;
            Announce(folder.Id);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // No spec yet, or not a run: looked at again at the next scan.
        }
    }

    private void Adopt(IndexedRun row)
    {
        RunSummary summary;
        IReadOnlyList<RunEvaluated> evaluations;
        try
        {
            summary = JsonSerializer.Deserialize<RunSummary>(row.Summary, RunJson.Line)!;
            evaluations = [.. row.Evaluations.OrderBy(evaluation => evaluation.Seq).Select(evaluation => (RunEvaluated)JsonSerializer.Deserialize<RunEvent>(evaluation.Event, RunJson.Line)!)];
        }
        catch (JsonException)
        {
            // Written by another version of the program: read from the folder instead.
            return;
        }
        var entry = new RunEntry(_data.Run(row.Id), summary.Spec, _time);
        entry.Adopt(summary, evaluations, JsonSerializer.Deserialize<string[]>(row.Metrics, RunJson.Line)!, row.Length);
        _entries[row.Id] = entry;
    }

    private IndexedRun? Row(string id)
    {
        if (!_entries.TryGetValue(id, out var entry))
            return null;
        lock (entry.Sync)
            return RunIndex.Row(entry.Summary, entry.Evaluations, entry.Metrics, entry.Length);
    }

    private sealed record VersionedView(long Version, RunStoreView View);
}
