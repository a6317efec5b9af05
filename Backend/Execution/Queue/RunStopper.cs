using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>Stops a run through its folder alone: queue and command line do the same, with and without a dashboard.</summary>
/// <param name="grace">How long a worker has to end by itself before it is killed.</param>
/// <param name="cancel">Ends a run's job on a cluster, and says whether it could; null where that cannot be done from here.</param>
public sealed class RunStopper(TimeProvider time, TimeSpan grace, Func<RunFolder, bool>? cancel = null)
{
    /// <summary>Long enough to finish a step on a CPU and to write a checkpoint.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Returns when the run's process is gone and the log says <c>cancelled</c>; a run that is not queued and does not run is left alone.
    /// </summary>
    /// <exception cref="InvalidRunException">The worker runs on another machine and cannot be ended from here, or is another user's.</exception>
    public async Task StopAsync(RunFolder folder)
    {
        var wasRunning = false;
        while (true)
        {
            if (WorkerLock.TryTake(folder, time) is { } held)
            {
                using (held)
                    SpeakLastWord(folder, wasRunning);
                return;
            }
            if (WorkerLock.Holder(folder, time) is { } worker)
            {
                await EndAsync(folder, worker).ConfigureAwait(false);
                wasRunning = true;
            }
            else
            {
                // Someone has just taken the lock and not yet said who it is, or is just giving it back.
                await Task.Delay(Pace).ConfigureAwait(false);
            }
        }
    }

    private async Task EndAsync(RunFolder folder, ProcessIdentity worker)
    {
        if (worker == ProcessIdentity.Current)
            return;
        try
        {
            StopRequest.Write(folder);
        }
        catch (IOException)
        {
            // On a full disk the worker takes the signal for the system's; the last word is spoken for it afterwards.
        }
        var asked = time.GetTimestamp();
        if (!worker.IsLocal)
        {
            await EndElsewhereAsync(folder, worker, asked).ConfigureAwait(false);
            return;
        }
        Send(worker, UnixSignal.Terminate);
        while (worker.IsAlive)
        {
            if (time.GetElapsedTime(asked) > grace)
                Send(worker, UnixSignal.Kill);
            await Task.Delay(Pace).ConfigureAwait(false);
        }
    }

    /// <summary>The worker sees the request in its folder. One that does not has its job ended; its lock then ends with its lease.</summary>
    private async Task EndElsewhereAsync(RunFolder folder, ProcessIdentity worker, long asked)
    {
        bool? isCancelled = null;
        while (WorkerLock.Holder(folder, time) == worker)
        {
            if (time.GetElapsedTime(asked) > grace)
                isCancelled ??= cancel?.Invoke(folder) ?? false;
            if (isCancelled == false && time.GetElapsedTime(asked) > grace + ProcessLock.Length)
                throw new InvalidRunException("run", $"The worker of {folder.Id} runs on {worker.Host} and does not answer. Stop it there.");
            await Task.Delay(Pace).ConfigureAwait(false);
        }
    }

    private static void Send(ProcessIdentity worker, UnixSignal signal)
    {
        try
        {
            worker.Send(signal);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InvalidRunException("run", error.Message);
        }
    }

    /// <summary>The worker's own last word stands; where there is none, it is spoken for it.</summary>
    private void SpeakLastWord(RunFolder folder, bool wasRunning)
    {
        var (wasQueued, wasAsked) = (QueueTicket.Read(folder) is not null, StopRequest.Exists(folder));
        QueueTicket.Remove(folder);
        StopRequest.Remove(folder);
        LastWordReserve.Release(folder);
        if (!wasRunning && !wasQueued && !wasAsked)
            return;
        using var log = new EventLogWriter(folder.Events, time);
        if (log.Last is { IsLast: true } && !wasQueued)
            return;
        log.Append(new RunCancelled());
        log.Complete();
    }
}
