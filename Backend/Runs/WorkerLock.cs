using Dashboard.Backend.Files;

namespace Dashboard.Backend.Runs;

/// <summary>Who may write to a run's event log: its worker, or whoever speaks the last word for a worker that is gone.</summary>
public static class WorkerLock
{
    private const string Name = "worker";

    /// <inheritdoc cref="ProcessLock.TryTake"/>
    public static ProcessLock? TryTake(RunFolder folder, TimeProvider time) => ProcessLock.TryTake(folder.Path, Name, time);

    /// <summary>
    /// The same for whoever speaks a last word on a disk that has no room for the holder's name: for a moment, and only where no worker lives.
    /// </summary>
    /// <exception cref="IOException">The folder is gone.</exception>
    internal static IDisposable? TryTakeUnnamed(RunFolder folder, TimeProvider time) =>
        Holder(folder, time) is null ? FileLock.TryTake(folder.File(Name + ".lock")) : null;

    /// <summary>Of a worker on another machine that is known to be gone: it has lost the run, should it come back to life.</summary>
    public static void Forget(RunFolder folder) => ProcessLock.Forget(folder.Path, Name);

    /// <inheritdoc cref="ProcessLock.WatchAsync"/>
    public static Task<ProcessIdentity?> WatchAsync(RunFolder folder, TimeProvider time, CancellationToken stop) =>
        ProcessLock.WatchAsync(folder.Path, Name, time, stop);

    /// <inheritdoc cref="ProcessLock.Holder"/>
    public static ProcessIdentity? Holder(RunFolder folder, TimeProvider time) => ProcessLock.Holder(folder.Path, Name, time);
}
