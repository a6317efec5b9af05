using Dashboard.Backend.Execution;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Components.Pages;

/// <summary>Columns that the runs page sorts by.</summary>
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

/// <summary>What of the runs is shown, and in which order.</summary>
public sealed record RunFilter(string Text = "", RunState? State = null, string? Method = null, RunSort Sort = RunSort.Started, bool Ascending = false)
{
    public bool IsEmpty => Text == "" && State is null && Method is null;

    /// <summary>Runs without a value in the sorted column stand last in either direction; equal ones newest first.</summary>
    public IReadOnlyList<RunSummary> Apply(IEnumerable<RunSummary> runs, DateTimeOffset now)
    {
        var shown = runs.Where(Shows).Select(run => (Run: run, Key: Key(run, now))).OrderBy(row => row.Key is null);
        var sorted = Ascending ? shown.ThenBy(row => row.Key) : shown.ThenByDescending(row => row.Key);
        return [.. sorted.ThenByDescending(row => row.Run.Spec.Created).ThenBy(row => row.Run.Spec.Id, StringComparer.Ordinal).Select(row => row.Run)];
    }

    private bool Shows(RunSummary run) =>
        (State is null || run.State == State)
        && (Method is null || run.Spec.Method == Method)
        && Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => Texts(run.Spec).Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<string> Texts(RunSpec spec) => [spec.Id, spec.Name ?? "", spec.Method, spec.Dataset, spec.Preset ?? "", spec.Device, spec.Group ?? ""];

    private IComparable? Key(RunSummary run, DateTimeOffset now) => Sort switch
    {
        RunSort.Name => run.Spec.Name ?? run.Spec.Id,
        RunSort.State => (int)run.State,
        RunSort.Method => run.Spec.Method,
        RunSort.Dataset => run.Spec.Dataset,
        RunSort.Miou => run.Miou,
        RunSort.Duration => run.Started is { } started ? (run.Ended ?? now) - started : null,
        _ => run.Started ?? run.Spec.Created,
    };
}
