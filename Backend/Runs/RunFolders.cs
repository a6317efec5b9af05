namespace Dashboard.Backend.Runs;

/// <summary>
/// The folders under DATA/runs. Lists them only where the folder's own time says that one has come or gone: thousands of finished runs cost nothing.
/// </summary>
internal sealed class RunFolders(DataFolder data, TimeProvider time)
{
    /// <summary>What happened this long ago may have the same time as what happens now.</summary>
    private static readonly TimeSpan Coarsest = TimeSpan.FromSeconds(2);

    /// <summary>For file systems that keep no such times, and links whose target is gone.</summary>
    private static readonly TimeSpan InAnyCase = TimeSpan.FromSeconds(10);

    private DateTime _written;
    private long? _looked;

    /// <summary>Why there are no runs to be seen; null where the folder is there.</summary>
    public string? Problem => Directory.Exists(data.Runs) ? null
        : $"The folder {data.Runs} is gone: it, or the whole data folder, was deleted or renamed, or its disk is not mounted any more. Put it "
            + "back, or stop the dashboard and start it again.";

    /// <summary>Identifiers of all folders; null where nothing has come or gone since the last call.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlySet<string>? List(bool inAnyCase)
    {
        var written = Directory.GetLastWriteTimeUtc(data.Runs);
        if (!inAnyCase && _looked is { } looked && written == _written && time.GetUtcNow().UtcDateTime - written > Coarsest
            && time.GetElapsedTime(looked) < InAnyCase)
            return null;
        (_written, _looked) = (written, time.GetTimestamp());
        return Directory.Exists(data.Runs)
            ? Directory.EnumerateDirectories(data.Runs)
                .Select(path => Path.GetFileName(path))
                .Where(id => !id.StartsWith('.'))
                .ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>();
    }
}
