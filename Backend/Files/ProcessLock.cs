using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Files;

/// <summary>
/// The right to write to a folder; one process holds it. On one machine the kernel frees it with the process, however that ends.
/// On a shared folder, where another machine's lock may not show, the heartbeat tells: a lease that is renewed while the holder lives.
/// </summary>
/// <remarks>Two files: NAME.lock is the <see cref="FileLock"/>, NAME.json says who holds it.</remarks>
public sealed class ProcessLock : IDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly IDisposable _lock;
    private readonly string _holder;
    private readonly ITimer _heartbeat;

    private ProcessLock(IDisposable lockFile, string holder, TimeProvider time)
    {
        (_lock, _holder) = (lockFile, holder);
        _heartbeat = time.CreateTimer(_ => Renew(time), null, Renewal, Renewal);
    }

    /// <summary>Null where a live process holds the lock.</summary>
    /// <exception cref="IOException">The folder is not there, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to someone else.</exception>
    public static ProcessLock? TryTake(string folder, string name, TimeProvider time)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder}.");
        var holderPath = Path.Combine(folder, name + ".json");
        if (FileLock.TryTake(Path.Combine(folder, name + ".lock")) is not { } lockFile)
            return null;
        try
        {
            if (Read(holderPath) is { IsLocal: false } && IsFresh(holderPath, time))
            {
                lockFile.Dispose();
                return null;
            }
            File.WriteAllText(holderPath + ".new", JsonSerializer.Serialize(ProcessIdentity.Current, RunJson.Line));
            File.Move(holderPath + ".new", holderPath, overwrite: true);
            return new ProcessLock(lockFile, holderPath, time);
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lease from a holder on another machine that is known to be gone. One of this machine's keeps it.</summary>
    public static void Forget(string folder, string name)
    {
        if (Path.Combine(folder, name + ".json") is var path && Read(path) is { IsLocal: false })
            File.Delete(path);
    }

    /// <summary>The live holder; null where there is none.</summary>
    public static ProcessIdentity? Holder(string folder, string name, TimeProvider time)
    {
        var path = Path.Combine(folder, name + ".json");
        return Read(path) is { } holder && (holder.IsLocal ? holder.IsAlive : IsFresh(path, time)) ? holder : null;
    }

    public void Dispose()
    {
        _heartbeat.Dispose();
        // Before the lock is free: afterwards the file may be the next holder's. In a folder that is gone there is nothing to do.
        if (Directory.Exists(Path.GetDirectoryName(_holder)))
            File.Delete(_holder);
        _lock.Dispose();
    }

    private void Renew(TimeProvider time)
    {
        try
        {
            File.SetLastWriteTimeUtc(_holder, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A shared folder that is away for a moment; the next renewal tries again.
        }
    }

    private static bool IsFresh(string path, TimeProvider time) => time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path) < Lease;

    private static ProcessIdentity? Read(string path)
    {
        // Most folders have no holder, and are asked often.
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<ProcessIdentity>(SmallFile.Read(path, 1 << 16), RunJson.Strict);
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
