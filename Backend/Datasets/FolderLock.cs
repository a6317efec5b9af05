namespace Dashboard.Backend.Datasets;

/// <summary>
/// Keeps a second process (or thread) from making the same folder. Held through the file <c>FOLDER.lock</c>; the system frees it when its holder dies.
/// </summary>
internal static class FolderLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the lock is free. Dispose to free it.</summary>
    public static IDisposable Take(string folder, CancellationToken cancellation)
    {
        var path = folder + ".lock";
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (IOException error) when (IsHeld(error))
            {
                cancellation.WaitHandle.WaitOne(Pause);
            }
        }
    }

    /// <summary>A sharing violation, as opposed to a full disk or a folder that cannot be written.</summary>
    private static bool IsHeld(IOException error) => error.GetType() == typeof(IOException) && error.HResult is 11 or 35 or unchecked((int)0x80070020);
}
