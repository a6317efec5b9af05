using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace Dashboard.Backend.Datasets;

/// <summary>Tells cheaply whether files have changed: by their names, sizes and times. Nothing is opened. Thread-safe.</summary>
public sealed class FileFingerprints(TimeProvider time)
{
    /// <summary>A plan asks several times; what a person changes in between takes longer.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);

    /// <summary>Folders below a data set's own; links may go round in a circle.</summary>
    private const int Deepest = 8;

    private readonly ConcurrentDictionary<string, (long Looked, string Fingerprint)> _kept = new(StringComparer.Ordinal);

    /// <summary>Of a file, or of all files below a folder but hidden ones.</summary>
    /// <param name="path">Absolute.</param>
    /// <returns>SHA-256, hex; equal for a folder that was moved as it is.</returns>
    /// <exception cref="IOException">There is nothing, or it cannot be looked at.</exception>
    public string Of(string path)
    {
        if (_kept.TryGetValue(path, out var kept) && time.GetElapsedTime(kept.Looked) < Kept)
            return kept.Fingerprint;
        var looked = time.GetTimestamp();
        var fingerprint = Directory.Exists(path) ? OfFolder(path) : OfFile(path);
        _kept[path] = (looked, fingerprint);
        return fingerprint;
    }

    private static string OfFile(string path) => new FileInfo(path) is { Exists: true } file
        ? Hash([("", file.Length, file.LastWriteTimeUtc.Ticks)])
        : throw new FileNotFoundException($"There is no {path}.", path);

    private static string OfFolder(string path)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = Deepest, AttributesToSkip = FileAttributes.Hidden };
        var files = new FileSystemEnumerable<(string Name, long Length, long Written)>(root,
            (ref FileSystemEntry entry) => Describe(ref entry, root.Length), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
        }.ToList();
        files.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return Hash(files);
    }

    private static (string Name, long Length, long Written) Describe(ref FileSystemEntry entry, int root)
    {
        var path = entry.ToFullPath();
        // Of a link, what it leads to.
        if ((entry.Attributes & FileAttributes.ReparsePoint) != 0
            && File.ResolveLinkTarget(path, returnFinalTarget: true) is FileInfo { Exists: true } target)
            return (path[root..], target.Length, target.LastWriteTimeUtc.Ticks);
        return (path[root..], entry.Length, entry.LastWriteTimeUtc.UtcTicks);
    }

    private static string Hash(IEnumerable<(string Name, long Length, long Written)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, length, written) in files)
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{length} {written}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
