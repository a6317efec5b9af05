namespace Dashboard.Backend.Runs;

/// <summary>The signs in a folder that tell, without opening a file, that the run must be read again.</summary>
/// <param name="LogLength">Bytes of the event log, torn end included.</param>
/// <param name="HasTicket">It waits, or has waited, for a worker.</param>
/// <param name="Written">
/// Of a damaged run, ticks of the last time that spec or log were written: it may be mended without a change of length. Of all others 0, so that a
/// copied data folder is not read anew.
/// </param>
/// <param name="Labelled">Ticks of the last time that its name, tags or notes were written; 0 where it has none.</param>
public readonly record struct RunStamp(long LogLength, bool HasTicket, long Written, long Labelled)
{
    /// <summary>Equal to no folder's: the run is read at the next look.</summary>
    public static RunStamp None { get; } = new(-1, false, 0, 0);

    public static RunStamp Of(RunFolder folder, bool isDamaged) =>
        new(LengthOf(folder.Events), QueueTicket.IsThere(folder), isDamaged ? Math.Max(WrittenAt(folder.Spec), WrittenAt(folder.Events)) : 0,
            LabelledAt(folder));

    /// <summary><see cref="Labelled"/> as the folder has it now.</summary>
    public static long LabelledAt(RunFolder folder) => new FileInfo(RunLabelsFile.PathIn(folder)) is { Exists: true } file
        ? file.LastWriteTimeUtc.Ticks
        : 0;

    public bool IsStale(RunFolder folder) => this != Of(folder, isDamaged: Written != 0);

    private static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }

    private static long WrittenAt(string path) => File.GetLastWriteTimeUtc(path).Ticks;
}
