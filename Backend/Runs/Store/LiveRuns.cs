using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Store;

/// <summary>The runs that wait for a worker, and those that have one.</summary>
internal sealed record LiveRuns(IReadOnlyList<RunEntry> Queued, IReadOnlyList<RunEntry> Running)
{
    public bool Any => Queued.Count > 0 || Running.Count > 0;

    public static LiveRuns Of(IEnumerable<RunEntry> entries)
    {
        var byState = entries.ToLookup(entry => entry.Summary.State);
        return new([.. byState[RunState.Queued]], [.. byState[RunState.Running]]);
    }
}
