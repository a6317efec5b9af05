using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>Which runs can go on.</summary>
public static class RunResumption
{
    /// <exception cref="InvalidRunException">The run is running, queued or finished, or its spec cannot be read.</exception>
    public static void Check(RunSummary run)
    {
        if (!run.Spec.IsReadable)
            throw new InvalidRunException("run", $"{run.Spec.Id} cannot be resumed: {run.Message}");
        if (run.State is RunState.Running or RunState.Queued or RunState.Finished)
            throw new InvalidRunException("run", $"{run.Spec.Id} is {run.State.ToString().ToLowerInvariant()}: only an interrupted, failed, cancelled or damaged run can be resumed.");
    }
}
