namespace Dashboard.Backend.Files;

/// <summary>Files that are whole or not there: written aside, then renamed.</summary>
public static class WholeFile
{
    /// <param name="toDisk">Waits until the bytes are on the disk, so that the file also survives a power cut.</param>
    /// <exception cref="IOException">The disk is full, or the folder is missing: what stood at <paramref name="path"/> is untouched, nothing is left aside.</exception>
    public static void Write(string path, Action<Stream> write, bool toDisk = false)
    {
        var aside = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.new";
        try
        {
            using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(file);
                file.Flush(toDisk);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
