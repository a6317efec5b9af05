namespace Dashboard.Backend.Runs.Log;

/// <summary>
/// A little room on the disk that is kept from the launch of a run to its end, so that a run on a full disk can still say why it failed.
/// </summary>
public sealed class LastWordReserve : IDisposable
{
    /// <summary>More than a block of any usual file system, and more than a last event takes.</summary>
    private const int Size = 64 * 1024;

    private readonly RunFolder _folder;

    /// <summary>Takes over what was kept when the run was queued.</summary>
    /// <exception cref="IOException">The disk is full already.</exception>
    public LastWordReserve(RunFolder folder)
    {
        Keep(folder);
        _folder = folder;
    }

    /// <summary>Does nothing where the room is kept already.</summary>
    /// <exception cref="IOException">The disk is full: nothing is kept.</exception>
    public static void Keep(RunFolder folder)
    {
        if (new FileInfo(PathOf(folder)) is { Exists: true, Length: Size })
            return;
        try
        {
            // Written, not only declared: a sparse file holds no room.
            File.WriteAllBytes(PathOf(folder), new byte[Size]);
        }
        catch (IOException)
        {
            Release(folder);
            throw;
        }
    }

    /// <summary>Gives the room free.</summary>
    public static void Release(RunFolder folder) => File.Delete(PathOf(folder));

    /// <inheritdoc cref="Release"/>
    public void Dispose() => Release(_folder);

    private static string PathOf(RunFolder folder) => folder.File("reserve");
}
