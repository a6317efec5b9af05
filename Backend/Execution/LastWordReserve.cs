namespace Dashboard.Backend.Execution;

/// <summary>A little room on the disk that is kept while a run goes on, so that a run on a full disk can still say why it failed.</summary>
public sealed class LastWordReserve : IDisposable
{
    /// <summary>More than a block of any usual file system, and more than a last event takes.</summary>
    private const int Size = 64 * 1024;

    private readonly string _path;

    /// <exception cref="IOException">The disk is full already.</exception>
    public LastWordReserve(RunFolder folder)
    {
        _path = folder.File("reserve");
        // Written, not only declared: a sparse file holds no room.
        File.WriteAllBytes(_path, new byte[Size]);
    }

    /// <summary>Gives the room free.</summary>
    public void Dispose() => File.Delete(_path);
}
