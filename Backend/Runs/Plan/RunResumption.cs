using Dashboard.Backend.Files;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>Which runs can go on, and which go on with them.</summary>
public static class RunResumption
{
    /// <exception cref="InvalidRunException">The run is running, queued or finished, or its spec cannot be read.</exception>
    public static void Check(RunSummary run)
    {
        if (!run.Spec.IsReadable)
            throw new InvalidRunException("run", $"{run.Spec.Id} cannot be resumed: {run.Message}");
        if (run.State is RunState.Running or RunState.Queued or RunState.Finished)
            throw new InvalidRunException("run",
                $"{run.Spec.Id} {run.State.AsVerb()}: only an interrupted, failed, cancelled or damaged run can be resumed.");
    }

    /// <summary>Runs that have not begun because this one did not finish, and those behind them: resumed with it, in this order.</summary>
    public static IReadOnlyList<RunSummary> Following(string id, IRunStore runs)
    {
        var following = new List<RunSummary>();
        var waiting = new Queue<string>([id]);
        while (waiting.TryDequeue(out var next))
            foreach (var run in runs.StartingFrom(next)
                .Reverse()
                .Where(run => RunInputs.HasWaitedFor(run, next) && following.All(known => known.Spec.Id != run.Spec.Id)))
            {
                following.Add(run);
                waiting.Enqueue(run.Spec.Id);
            }
        return following;
    }

    /// <summary>Queues a run again.</summary>
    /// <param name="launcher">As <see cref="QueueTicket.Launcher"/>.</param>
    /// <param name="resumes">As <see cref="QueueTicket.Resumes"/>.</param>
    /// <param name="cause">As <see cref="QueueTicket.Cause"/>.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public static void Queue(RunFolder folder, TimeProvider time, ProcessIdentity? launcher = null, int resumes = 0, string? cause = null)
    {
        LastWordReserve.Keep(folder);
        // Of another host's worker that has been silent for so long that the run may go on without it.
        WorkerLock.Forget(folder);
        new QueueTicket(time.GetUtcNow(), launcher, resumes, Environment.MachineName, cause).Write(folder);
    }
}
