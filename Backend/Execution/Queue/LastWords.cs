using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>Ends a queued run that is not going to be started.</summary>
public static class LastWords
{
    /// <summary>
    /// The room that the ticket and the reserve take is what the last word of a run is written in where the disk has no other. A run that a worker
    /// holds is left alone; so is one that has said its last word since, which may show late on a shared folder.
    /// </summary>
    /// <exception cref="IOException">Not even that can be written.</exception>
    public static void Speak(RunFolder folder, TimeProvider time, params IReadOnlyList<RunEvent> words)
    {
        using var held = WorkerLock.TryTakeUnnamed(folder, time);
        if (held is null)
            return;
        var wasQueued = QueueTicket.IsThere(folder);
        QueueTicket.Remove(folder);
        LastWordReserve.Release(folder);
        using var log = new EventLogWriter(folder.Events, time);
        if (log.Last is RunFinished || (log.Last is { IsLast: true } && !wasQueued))
            return;
        foreach (var word in words)
            log.Append(word);
        log.Complete();
    }

    /// <summary>As the run ends that this one starts from: stopped, or failed.</summary>
    /// <param name="state">Of that run; null where it is gone.</param>
    public static IReadOnlyList<RunEvent> Following(RunState? state, string complaint) =>
        state == RunState.Cancelled ? [new RunLog("info", complaint), new RunCancelled()] : [new RunFailed(complaint)];
}
