using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution;

/// <summary>Which runs can go on.</summary>
public static class RunResumption
{
    /// <exception cref="InvalidRunException">The run is running, queued or finished.</exception>
    public static void Check(RunSummary run)
    {
        if (run.State is RunState.Running or RunState.Queued or RunState.Finished)
            throw new InvalidRunException("run", $"{run.Spec.Id} is {run.State.ToString().ToLowerInvariant()}: only an interrupted, failed or cancelled run can be resumed.");
    }
}
