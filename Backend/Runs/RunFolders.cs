namespace Dashboard.Backend.Runs;

/// <summary>
/// The folders under DATA/runs. Lists them only where the folder's own time says that one has come or gone: thousands of finished runs cost nothing.
/// </summary>
/// <param name="list">The folders in a folder; null: as the file system lists them.</param>
internal sealed class RunFolders(DataFolder data, TimeProvider time, Func<string, IEnumerable<string>>? list = null)
{
    /// <summary>What happened this long ago may have the same time as what happens now.</summary>
    private static readonly TimeSpan Coarsest = TimeSpan.FromSeconds(2);

    /// <summary>For file systems that keep no such times, and links whose target is gone.</summary>
    private static readonly TimeSpan InAnyCase = TimeSpan.FromSeconds(10);

    private readonly Func<string, IEnumerable<string>> _list = list ?? Directory.EnumerateDirectories;
    private DateTime _written;
    private long? _looked;

    /// <summary>When the folder was first seen with its present time, which is another clock's than ours.</summary>
    private long _seen;

    /// <summary>Why there are no runs to be seen; null where the folder is there.</summary>
    public string? Problem => Directory.Exists(data.Runs) ? null
        : $"The folder {data.Runs} is gone: it, or the whole data folder, was deleted or renamed, or its disk is not mounted any more. Put it "
            + "back, or stop the dashboard and start it again.";

    /// <summary>Identifiers of all folders; null where nothing has come or gone since the last call.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlySet<string>? List(bool inAnyCase)
    {
        var written = Directory.GetLastWriteTimeUtc(data.Runs);
        if (_looked is null || written != _written)
            (_written, _seen) = (written, time.GetTimestamp());
        else if (!inAnyCase && time.GetElapsedTime(_seen) > Coarsest && time.GetElapsedTime(_looked.Value) < InAnyCase)
            return null;
        _looked = time.GetTimestamp();
        return Directory.Exists(data.Runs)
            ? _list(data.Runs)
                .Select(path => Path.GetFileName(path))
                .Where(id => !id.StartsWith('.'))
                .ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>();
    }

    /// <summary>Looked for by its name: on a shared file system a list may lack for seconds what is there.</summary>
    public bool Has(string id) => Path.GetFileName(id) == id && !id.StartsWith('.') && Directory.Exists(data.Run(id).Path);
}
