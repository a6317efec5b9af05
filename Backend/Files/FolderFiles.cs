namespace Dashboard.Backend.Files;

/// <summary>The files of a folder that somebody has put there: without those that systems and archives leave beside them.</summary>
public static class FolderFiles
{
    /// <summary>Paths in ordinal order; none where the folder is missing.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static IReadOnlyList<string> Of(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Where(path => !IsLeftover(Path.GetFileName(path))).Order(StringComparer.Ordinal)]
        : [];

    /// <param name="extension">With its dot, in any letter case.</param>
    /// <inheritdoc cref="Of(string)"/>
    public static IReadOnlyList<string> Of(string folder, string extension) => [.. Of(folder).Where(path => HasExtension(path, extension))];

    public static bool HasExtension(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Hidden files (a Mac's ".DS_Store", and "._NAME" beside every NAME in its archives), the folders of such archives, and the caches of Windows.
    /// </summary>
    public static bool IsLeftover(string name) =>
        name.StartsWith('.') || name.ToLowerInvariant() is "thumbs.db" or "ehthumbs.db" or "desktop.ini" or "__macosx" or "icon\r";
}
