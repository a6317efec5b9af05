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
    Ended,
}

/// <summary>What stands together in a list of runs, under one head.</summary>
public enum RunGrouping
{
    None,

    /// <summary>Launched together: a pipeline, an ablation, a sweep.</summary>
    Launch,

    Method,

    /// <summary>Of the same options and data set, with whatever seed.</summary>
    Seeds,
}

/// <summary>
/// Which runs a list shows, and in which order. Runs without a value in the sorted column stand last in either direction; equal ones newest first.
/// </summary>
/// <param name="Text">Words that must all occur in identifier, name, method, data set, preset, device, group, tags or notes.</param>
/// <param name="Tag">Only those that have it.</param>
/// <param name="Starred">Only those that have a star.</param>
/// <param name="Grouping">Sorted by group first; groups in the order of their newest run.</param>
public sealed record RunFilter(string Text = "", RunState? State = null, string? Method = null, RunSort Sort = RunSort.Started,
    bool Ascending = false, string? Tag = null, bool Starred = false, RunGrouping Grouping = RunGrouping.None)
{
    public bool IsEmpty => Text == "" && State is null && Method is null && Tag is null && !Starred;
}

/// <summary>A piece of the list of runs.</summary>
/// <param name="Total">Runs that pass the filter, on all pages together; a folded group is one.</param>
/// <param name="States">How many runs there are of each state, whatever the filter.</param>
/// <param name="Tags">All tags that runs have, the most frequent first, whatever the filter.</param>
public sealed record RunPage(IReadOnlyList<RunSummary> Runs, int Total, IReadOnlyDictionary<RunState, int> States, IReadOnlyList<string> Tags)
{
    public static RunPage Empty { get; } = new([], 0, new Dictionary<RunState, int>(), []);

    /// <summary>Whatever the filter.</summary>
    public int All => States.Values.Sum();
}
