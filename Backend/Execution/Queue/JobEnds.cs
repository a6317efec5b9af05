using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>What becomes of a run that had begun when its job ended, and that has said no last word.</summary>
internal sealed class JobEnds(IExecutor executor, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// A run whose job was taken away goes on by itself, from its last checkpoint, a limited number of times; one whose job a person has ended is
    /// cancelled. One whose worker has died stays interrupted: its folder says of what.
    /// </summary>
    public void OfBegun(RunFolder folder, IJob job, JobEnding ending)
    {
        if (ending.End == JobEnd.Exited)
            return;
        // The worker is gone, and its machine may not be there to give its lock back.
        if (ending.End != JobEnd.Lost)
            WorkerLock.Forget(folder);
        // As the folder is now: the store may still give the worker time to show itself, which the end of its job has made needless.
        if (RunStore.Look(folder, time).State != RunState.Interrupted)
            return;
        switch (ending.End)
        {
            case JobEnd.Cancelled:
                Speak(folder, new RunLog("info", $"{ending.Text}."), new RunCancelled());
                break;
            case JobEnd.OutOfMemory:
                Speak(folder, new RunFailed($"{ending.Text}. Ask for more among the cluster's options (--mem), or take a smaller batch, then resume "
                    + "the run."));
                break;
            case JobEnd.TakenAway or JobEnd.Lost when job.Resumes >= executor.Resumes:
                Speak(folder, new RunFailed($"{ending.Text}, and the run has gone on by itself {job.Resumes} "
                    + $"{(job.Resumes == 1 ? "time" : "times")} already. {ending.Remedy ?? "Look for the cause"}, then resume the run."));
                break;
            case JobEnd.TakenAway or JobEnd.Lost:
                Speak(folder, new RunLog("warning",
                    $"{ending.Text}. The run goes on by itself from its last checkpoint: {job.Resumes + 1} of {executor.Resumes} times."));
                RunResumption.Queue(folder, time, resumes: job.Resumes + 1, cause: ending.Cause);
                break;
        }
    }

    private void Speak(RunFolder folder, params IReadOnlyList<RunEvent> words)
    {
        logger.LogInformation("{Run}: {Reason}", folder.Id, words[0] switch
        {
            RunFailed failed => failed.Message,
            RunLog line => line.Message,
            _ => "",
        });
        LastWords.Speak(folder, time, words);
    }
}
