using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;

namespace Dashboard.Web.Notices;

/// <summary>A run has ended by itself.</summary>
/// <param name="Miou">The best, 0..1.</param>
/// <param name="Message">Of a failure.</param>
/// <param name="QueueIsEmpty">Nothing runs or waits any more.</param>
public sealed record RunEnding(string Id, string Title, RunState State, DateTimeOffset Time, double? Miou, string? Message, bool QueueIsEmpty)
{
    public static RunEnding Of(RunSummary run, DateTimeOffset now, bool queueIsEmpty) => new(
        run.Spec.Id, run.Spec.Title, run.State, run.Ended ?? now, run.Miou, run.State == RunState.Finished ? null : run.Message?.Split('\n')[0],
        queueIsEmpty);

    /// <summary>"CLIMS · cooccurrence · seed 0 finished".</summary>
    public string Headline => $"{Title} {(State == RunState.Finished ? "finished" : State == RunState.Failed ? "failed" : "was interrupted")}";

    /// <summary>What came of it; empty where there is nothing to say.</summary>
    public string Detail => string.Join(' ', new[]
    {
        Miou is { } miou && State == RunState.Finished ? $"mIoU {Format.Percent(miou)} %." : Message, QueueIsEmpty ? "The queue is empty." : null,
    }.OfType<string>());
}
