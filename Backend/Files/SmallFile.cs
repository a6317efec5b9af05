namespace Dashboard.Backend.Files;

/// <summary>
/// Files that a program of ours writes and that are small, read so that one which somebody else has put in their place does no harm.
/// </summary>
public static class SmallFile
{
    /// <param name="most">Bytes.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="most"/>.</exception>
    public static byte[] Read(string path, int most)
    {
        // A pipe has no length, and to open it would wait for a writer.
        if (new FileInfo(path).Length == 0)
            return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length > most)
            throw new InvalidDataException($"it has {file.Length} bytes, more than the {most} that such a file may have.");
        var bytes = new byte[file.Length];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
