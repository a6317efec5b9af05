using System.Collections.Concurrent;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Runs.Store;

/// <summary>
/// The runs of a data folder: those that are live or have been asked for lately are entries in memory, of the others the index knows enough. Keeps
/// index, lists and subscribers up with both. Whatever a folder holds, only its own run is damaged.
/// </summary>
internal sealed class KnownRuns : IDisposable
{
    /// <summary>Idle runs that stay in memory: about as many as one page overlays.</summary>
    private const int LoadedRuns = 32;

    /// <summary>With more, they are written to the index and let go: many at once, because one transaction takes as long as a hundred rows.</summary>
    private const int MostLoadedRuns = 160;

    private readonly DataFolder _data;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RunFolders _folders;
    private readonly IdleRuns _idle;
    private readonly RunRecipes _recipes;
    private readonly ConcurrentDictionary<string, RunEntry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unborn = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _loaded = new();
    private readonly Lock _scanning = new();
    private volatile bool _isIndexLost;

    /// <param name="keepsIndex">Whether what changes is written to the index.</param>
    public KnownRuns(DataFolder data, TimeProvider time, RunFolders folders, RunIndex index, ILogger log, bool keepsIndex)
    {
        (_data, _time, _folders, _log) = (data, time, folders, log);
        (_idle, _recipes) = (new(data), new(data));
        Changes = new(log);
        Writer = new RunIndexWriter(index, Row, log, keepsIndex);
        Lists = new RunLists(index, Writer, _entries, time);
        index.Lost += () => _isIndexLost = true;
        foreach (var (id, state, stamp) in index.Stamps())
            _idle.Add(id, state is RunState.Queued or RunState.Running ? RunStamp.None : stamp);
        Scan(inAnyCase: true);
        foreach (var id in _idle.Ids.Where(_idle.IsStale).ToList())
            Open(id);
    }

    public RunIndexWriter Writer { get; }

    public RunLists Lists { get; }

    public RunChanges Changes { get; }

    /// <summary>Null for a run that is not in memory.</summary>
    public RunEntry? Entry(string id) => _entries.GetValueOrDefault(id);

    /// <summary>Of the run the index knows enough.</summary>
    public bool IsIdle(string id) => _idle.Contains(id);

    /// <summary>Null where there is no such run.</summary>
    public RunFolder? Folder(string id) => Entry(id)?.Folder ?? (IsIdle(id) ? _data.Run(id) : null);

    /// <summary>The run in memory, read where it is not there yet; null where there is none.</summary>
    public RunEntry? Load(string id)
    {
        if (!_entries.ContainsKey(id) && _idle.Contains(id))
            Open(id);
        return Entry(id);
    }

    /// <summary>Looks at runs now, whatever the last look has seen.</summary>
    public void Refresh(params IReadOnlyCollection<string> ids)
    {
        Scan(inAnyCase: true);
        foreach (var id in ids)
            if (Entry(id) is { } entry)
                Update(entry, entry.Refresh);
            else if (_idle.Contains(id) || _folders.Has(id))
                Open(id);
    }

    /// <summary>Finds folders that have come and gone, and what has changed in the others.</summary>
    public void LookAround()
    {
        var lost = _isIndexLost;
        if (lost)
        {
            _isIndexLost = false;
            _idle.Clear();
            foreach (var id in _entries.Keys)
                Writer.Changed(id);
        }
        Scan(inAnyCase: lost);
        foreach (var entry in _entries.Values.Where(entry => entry.Summary.State != RunState.Queued)
            .Where(entry => entry.IsLive || entry.Stamp.IsStale(entry.Folder)))
            Update(entry, entry.Refresh);
        foreach (var id in _idle.NextStale())
            Open(id);
        LetGo();
    }

    /// <param name="update">Returns whether something about the run has changed.</param>
    public void Update(RunEntry entry, Func<bool> update)
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
            Writer.Changed(entry.Folder.Id);
            Lists.Change(before != entry.Summary.State, !ReferenceEquals(evaluations, entry.Evaluations));
        }
        Changes.Announce(entry.Folder.Id);
    }

    public void Dispose()
    {
        Writer.Dispose();
        Changes.Dispose();
        foreach (var entry in _entries.Values)
            entry.Dispose();
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
            Writer.Changed(id);
            Lists.Change(list: true, evaluations: true);
            Changes.Announce(id);
            if (!entry.IsLive)
                _loaded.Enqueue(id);
        }
        if (_loaded.Count > MostLoadedRuns)
            LetGo();
    }

    private void Forget(string id)
    {
        _idle.Remove(id);
        if (_entries.TryRemove(id, out var gone))
            lock (gone.Sync)
                gone.Dispose();
        Writer.Removed(id);
        Lists.Change(list: true, evaluations: true);
        Changes.Announce(id);
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
    private void LetGo()
    {
        if (_loaded.Count <= LoadedRuns)
            return;
        Writer.WhenWritten(isPending =>
        {
            for (var left = _loaded.Count - LoadedRuns; left > 0 && _loaded.TryDequeue(out var id); left--)
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
