namespace Dashboard.Backend.Runs;

/// <summary>The signs in a folder that tell, without opening a file, that the run must be read again.</summary>
/// <param name="LogLength">Bytes of the event log, torn end included.</param>
/// <param name="HasTicket">It waits, or has waited, for a worker.</param>
/// <param name="Written">
/// Of a damaged run, ticks of the last time that spec or log were written: it may be mended without a change of length. Of all others 0, so that a
/// copied data folder is not read anew.
/// </param>
public readonly record struct RunStamp(long LogLength, bool HasTicket, long Written)
{
    /// <summary>Equal to no folder's: the run is read at the next look.</summary>
    public static RunStamp None { get; } = new(-1, false, 0);

    public static RunStamp Of(RunFolder folder, bool isDamaged) =>
        new(LengthOf(folder.Events), QueueTicket.IsThere(folder), isDamaged ? Math.Max(WrittenAt(folder.Spec), WrittenAt(folder.Events)) : 0);

    public bool IsStale(RunFolder folder) => this != Of(folder, isDamaged: Written != 0);

    private static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }

    private static long WrittenAt(string path) => File.GetLastWriteTimeUtc(path).Ticks;
}
