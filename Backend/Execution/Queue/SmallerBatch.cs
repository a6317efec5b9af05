using System.Text.Json.Nodes;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>A run whose memory ran out, once more with half as much at once.</summary>
/// <remarks>
/// It is a run of its own and begins anew. The batch is part of what a result follows from: it stands in spec and key, which never change, and the
/// steps and the schedule of a checkpoint are those of the batch that it was trained with.
/// </remarks>
/// <param name="Option">What is halved: the pairs of a batch that are computed at once where the method has them, for they change no result.</param>
public sealed record SmallerBatch(RunSpec Spec, string Option, int Half)
{
    private const string Batch = "batchSize";
    private const string Pairs = "pairsAtOnce";

    /// <summary>What becomes of the result, for a person who is to decide.</summary>
    public string Consequence => Option == Pairs
        ? "A new run, from the beginning, with the same result: only fewer pairs are computed at once."
        : "A new run, from the beginning: another batch gives another result.";

    /// <returns>Null where the run has not failed for memory, or there is nothing to halve.</returns>
    public static SmallerBatch? Of(RunSummary run)
    {
        if (run is not { State: RunState.Failed, Message: { } message } || !MemoryFailure.IsSaidBy(message))
            return null;
        var (pairs, batch) = (Count(run.Spec, Pairs), Count(run.Spec, Batch));
        // No pairs at once: all of the batch.
        var (option, now) = pairs is null ? (Batch, batch) : (Pairs, pairs > 0 ? pairs : batch);
        return now > 1 ? new(run.Spec, option, now.Value / 2) : null;
    }

    public RunRequest Request
    {
        get
        {
            var again = RunRequest.Again(Spec);
            again.Options![Option] = Half;
            return again;
        }
    }

    private static int? Count(RunSpec spec, string option) =>
        spec.Options[option] is JsonValue value && value.TryGetValue<int>(out var count) ? count : null;
}
