using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution;

/// <summary>All runs at one moment, for readers that must not wait.</summary>
internal sealed record RunStoreView(
    IReadOnlyList<RunSummary> Runs,
    IReadOnlyDictionary<string, RunSummary> ById,
    IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> Evaluations)
{
    public static RunStoreView Of(IEnumerable<RunEntry> entries)
    {
        var all = entries.Select(entry => (entry.Summary, entry.Evaluations, entry.Ticket))
            .OrderByDescending(run => run.Summary.Spec.Created)
            .ThenByDescending(run => run.Summary.Spec.Id, StringComparer.Ordinal)
            .ToList();
        var positions = all.Where(run => run.Summary.State == RunState.Queued)
            .GroupBy(run => run.Summary.Spec.Device)
            .SelectMany(lane => lane.OrderBy(run => run.Ticket?.Since).ThenBy(run => run.Summary.Spec.Id, StringComparer.Ordinal).Select((run, i) => (run.Summary.Spec.Id, Position: i + 1)))
            .ToDictionary(run => run.Id, run => run.Position, StringComparer.Ordinal);
        var runs = all.Select(run => run.Summary with { QueuePosition = positions.TryGetValue(run.Summary.Spec.Id, out var position) ? position : null }).ToList();
        return new RunStoreView(
            runs,
            runs.ToDictionary(run => run.Spec.Id, StringComparer.Ordinal),
            [.. runs.Zip(all).SelectMany(pair => pair.Second.Evaluations.Select(evaluation => (pair.First, evaluation)))]);
    }
}
