namespace Dashboard.Backend.Files;

/// <summary>
/// A file that one process (or thread) has open at a time. On one machine the system frees it when its holder dies, however that ends. The file is
/// for the lock alone: .NET locks what it opens, so reading it gets in the way of those who want the lock.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Dispose to free it. Null where someone holds it.</summary>
    /// <exception cref="IOException">The folder is not there, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file belongs to someone else.</exception>
    public static IDisposable? TryTake(string path, FileOptions options = FileOptions.None)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, options);
        }
        catch (IOException error) when (IsHeld(error))
        {
            return null;
        }
    }

    /// <summary>Waits until the lock is free. Dispose to free it; the file goes with it.</summary>
    /// <inheritdoc cref="TryTake" path="/exception"/>
    /// <exception cref="OperationCanceledException">While it waited.</exception>
    public static IDisposable Take(string path, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryTake(path, FileOptions.DeleteOnClose) is { } held)
                return held;
            cancellation.WaitHandle.WaitOne(Pause);
        }
    }

    /// <summary>A sharing violation, as opposed to a full disk or a folder that cannot be written.</summary>
    private static bool IsHeld(IOException error) =>
        error.GetType() == typeof(IOException) && error.HResult is 11 or 35 or unchecked((int)0x80070020);
}
