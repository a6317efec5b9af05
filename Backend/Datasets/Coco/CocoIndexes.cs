using System.Collections.Concurrent;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>
/// The last annotation files that the process has read, while they do not change: a list of data sets opens each of them, and COCO's own file takes
/// seconds. Thread-safe.
/// </summary>
internal static class CocoIndexes
{
    /// <summary>Some data sets with three splits; one of COCO's size takes some 50 MB.</summary>
    private const int Most = 12;

    private static readonly ConcurrentDictionary<string, Lazy<CocoIndex>> Read = new();

    /// <exception cref="DatasetException">As of <see cref="CocoIndex.Read(string, CancellationToken)"/>.</exception>
    public static CocoIndex Get(string path)
    {
        var file = new FileInfo(path);
        if (Read.TryGetValue(path, out var known) && known.Value is { } index && index.IsCurrent(file))
            return index;
        Read.TryRemove(path, out _);
        while (Read.Count >= Most && Read.Keys.FirstOrDefault() is { } oldest)
            Read.TryRemove(oldest, out _);
        try
        {
            return Read.GetOrAdd(path, name => new(() => CocoIndex.Read(name))).Value;
        }
        catch (DatasetException)
        {
            Read.TryRemove(path, out _);
            throw;
        }
    }
}
