using System.Collections.Concurrent;

namespace Dashboard.Backend.Runs.Store;

/// <summary>
/// Runs whose row in the index says all there is to say. Another program may resume one, or a person mend one: each is looked at now and then, a few
/// at a time, so that the cost does not grow with their number.
/// </summary>
internal sealed class IdleRuns(DataFolder data)
{
    /// <summary>Looked at in one go: with fewer, all of them every time.</summary>
    private const int AtOnce = 200;

    /// <summary>With more runs than that, all of them are looked at once in this many goes.</summary>
    private const int Goes = 16;

    /// <summary>A worker, a ticket and most editors change the folder's own time. Rounds after which the files are looked at all the same.</summary>
    private const int RoundsBetweenFiles = 4;

    private readonly ConcurrentDictionary<string, Idle> _runs = new(StringComparer.Ordinal);
    private Queue<string> _waiting = new();
    private int _round;

    public ICollection<string> Ids => _runs.Keys;

    public bool Contains(string id) => _runs.ContainsKey(id);

    /// <param name="stamp">That its row in the index stands for.</param>
    public void Add(string id, RunStamp stamp) => _runs[id] = new(stamp, default);

    public bool Remove(string id) => _runs.TryRemove(id, out _);

    public void Clear() => _runs.Clear();

    public bool IsStale(string id) => _runs.TryGetValue(id, out var run) && run.Stamp.IsStale(data.Run(id));

    /// <summary>The next few whose folders have changed.</summary>
    public IReadOnlyList<string> NextStale()
    {
        if (_waiting.Count == 0)
        {
            _waiting = new(_runs.Keys);
            _round++;
        }
        var stale = new List<string>();
        for (var looked = 0; looked < Math.Max(AtOnce, _runs.Count / Goes) && _waiting.TryDequeue(out var id); looked++)
            if (_runs.TryGetValue(id, out var run))
            {
                // Read first: what changes after it is seen the next time.
                var written = Directory.GetLastWriteTimeUtc(Path.Combine(data.Runs, id));
                if (written == run.FolderWritten && _round % RoundsBetweenFiles != 0)
                    continue;
                if (run.Stamp.IsStale(data.Run(id)))
                    stale.Add(id);
                else
                    _runs.TryUpdate(id, run with { FolderWritten = written }, run);
            }
        return stale;
    }

    /// <param name="FolderWritten">When the folder was last seen as the stamp says; the default before that.</param>
    private sealed record Idle(RunStamp Stamp, DateTime FolderWritten);
}
