using System.Collections.Concurrent;

namespace Dashboard.Backend.Execution;

/// <summary>
/// Runs whose row in the index says all there is to say. Another program may resume one, or a person mend one: each is looked at now and then, a few at a time, so that the cost
/// does not grow with their number.
/// </summary>
internal sealed class IdleRuns(DataFolder data)
{
    /// <summary>Looked at in one go: with fewer, all of them every time.</summary>
    private const int AtOnce = 200;

    /// <summary>With more, so many goes for all.</summary>
    private const int Goes = 16;

    private readonly ConcurrentDictionary<string, RunStamp> _stamps = new(StringComparer.Ordinal);
    private Queue<string> _waiting = new();

    public RunStamp this[string id]
    {
        set => _stamps[id] = value;
    }

    public ICollection<string> Ids => _stamps.Keys;

    public bool Contains(string id) => _stamps.ContainsKey(id);

    public bool Remove(string id) => _stamps.TryRemove(id, out _);

    public void Clear() => _stamps.Clear();

    public bool IsStale(string id) => _stamps.TryGetValue(id, out var stamp) && stamp.IsStale(data.Run(id));

    /// <summary>The next few whose folders have changed.</summary>
    public IReadOnlyList<string> NextStale()
    {
        if (_waiting.Count == 0)
            _waiting = new(_stamps.Keys);
        var stale = new List<string>();
        for (var looked = 0; looked < Math.Max(AtOnce, _stamps.Count / Goes) && _waiting.TryDequeue(out var id); looked++)
            if (IsStale(id))
                stale.Add(id);
        return stale;
    }
}
