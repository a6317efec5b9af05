using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>What a list of runs may be sorted by.</summary>
public enum RunSort
{
    Started,
    Name,
    State,
    Method,
    Dataset,
    Miou,
    Duration,
}

/// <summary>
/// Which runs a list shows, and in which order. Runs without a value in the sorted column stand last in either direction; equal ones newest first.
/// </summary>
/// <param name="Text">Words that must all occur in identifier, name, method, data set, preset, device or group.</param>
public sealed record RunFilter(string Text = "", RunState? State = null, string? Method = null, RunSort Sort = RunSort.Started,
    bool Ascending = false)
{
    public bool IsEmpty => Text == "" && State is null && Method is null;
}

/// <summary>A piece of the list of runs.</summary>
/// <param name="Total">Runs that pass the filter, on all pages together.</param>
/// <param name="States">How many runs there are of each state, whatever the filter.</param>
public sealed record RunPage(IReadOnlyList<RunSummary> Runs, int Total, IReadOnlyDictionary<RunState, int> States)
{
    /// <summary>Whatever the filter.</summary>
    public int All => States.Values.Sum();
}
