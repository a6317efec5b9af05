namespace Dashboard.Backend.Files;

/// <summary>
/// The right to write to a folder; one process holds it. On one host the kernel frees it with the process, however that ends. On a shared folder,
/// where another host's lock may not show, the lease tells, which is renewed while the holder lives.
/// </summary>
/// <remarks>NAME.lock is the <see cref="FileLock"/>, NAME.N.json the <see cref="Lease"/>.</remarks>
public sealed class ProcessLock : IDisposable
{
    /// <summary>Silence of a holder on another host after which it has lost the lock.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private readonly IDisposable _lock;
    private readonly Lease _lease;

    private ProcessLock(IDisposable lockFile, Lease lease) => (_lock, _lease) = (lockFile, lease);

    /// <inheritdoc cref="Lease.Lost"/>
    public CancellationToken Lost => _lease.Lost;

    /// <inheritdoc cref="Lease.IsHeld()"/>
    public bool IsHeld() => _lease.IsHeld();

    /// <summary>Null where a live process holds the lock.</summary>
    /// <exception cref="IOException">The folder is not there, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to someone else.</exception>
    public static ProcessLock? TryTake(string folder, string name, TimeProvider time)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder}.");
        if (FileLock.TryTake(Path.Combine(folder, name + ".lock")) is not { } lockFile)
            return null;
        try
        {
            if (Lease.TryTake(folder, name, Length, endsWithProcess: true, time) is { } lease)
                return new ProcessLock(lockFile, lease);
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
        lockFile.Dispose();
        return null;
    }

    /// <inheritdoc cref="Lease.Forget"/>
    public static void Forget(string folder, string name) => Lease.Forget(folder, name);

    /// <summary>The live holder; null where there is none.</summary>
    public static ProcessIdentity? Holder(string folder, string name, TimeProvider time) =>
        Lease.HolderOf(folder, name, endsWithProcess: true, time)?.Process;

    /// <inheritdoc cref="Lease.WatchAsync"/>
    public static async Task<ProcessIdentity?> WatchAsync(string folder, string name, TimeProvider time, CancellationToken stop) =>
        (await Lease.WatchAsync(folder, name, endsWithProcess: true, time, stop).ConfigureAwait(false))?.Process;

    public void Dispose()
    {
        // Before the lock is free: afterwards the lease may be the next holder's.
        _lease.Dispose();
        _lock.Dispose();
    }
}
