namespace Dashboard.Web.Access;

/// <summary>A folder as a browser may see it, so that paths need not be typed.</summary>
/// <param name="Path">Null for the list of the folders that browsers may name.</param>
/// <param name="Parent">Null where there is none that may be seen; the list of all is then the way up.</param>
/// <param name="IsCut">There is more in it than is shown.</param>
public sealed record FolderListing(string? Path, string? Parent, IReadOnlyList<FolderEntry> Entries, bool IsCut)
{
    /// <summary>Nobody looks through more; whoever knows the name types it.</summary>
    public const int Most = 500;

    /// <summary>Folders first, then files, by name; nothing that is hidden.</summary>
    /// <param name="path">Null for the folders that browsers may name.</param>
    /// <exception cref="IOException">It lies outside of them, is not a folder, or cannot be read: says which.</exception>
    public static FolderListing Of(string? path, AllowedRoots roots)
    {
        if (path is null)
        {
            var all = roots.All.Where(Directory.Exists).Select(root => new FolderEntry(root, root, IsFolder: true, Bytes: null));
            return new(null, null, [.. all], IsCut: false);
        }
        if (roots.Refuse(path) is { } refused)
            throw new IOException(refused);
        if (!Directory.Exists(path))
            throw new IOException($"There is no folder {path}.");
        try
        {
            var found = new DirectoryInfo(path).EnumerateFileSystemInfos().Where(entry => entry.Name[0] != '.').Take(Most + 1).ToList();
            var parent = System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(path));
            return new(
                path,
                parent is not null && roots.Refuse(parent) is null ? parent : null,
                [.. found.Take(Most)
                    .Select(entry => new FolderEntry(entry.Name, entry.FullName, Directory.Exists(entry.FullName), (entry as FileInfo)?.Length))
                    .OrderBy(entry => !entry.IsFolder).ThenBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase)],
                found.Count > Most);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path} cannot be read: {error.Message}", error);
        }
    }
}

/// <summary>One thing in a folder.</summary>
/// <param name="Bytes">Of a file.</param>
public sealed record FolderEntry(string Name, string Path, bool IsFolder, long? Bytes);
