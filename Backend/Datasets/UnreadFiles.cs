using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets;

/// <summary>Finds files beside the images and masks of a data set that nobody reads: in another format, or in a folder that holds no mask of any image.</summary>
internal static class UnreadFiles
{
    private static readonly string[] MaskFolders = ["masks", "SegmentationClass", "SegmentationClassAug"];

    /// <summary>Notes that people and programs leave anywhere.</summary>
    private static readonly string[] Notes = [".txt", ".csv", ".json", ".xml", ".md", ".html", ".ini", ".db", ".yaml", ".yml"];

    public static void Report(string root, IReadOnlyCollection<Sample> samples, Action<DatasetProblem> report)
    {
        var images = Folders(samples.Select(sample => sample.ImagePath));
        var masks = Folders(samples.Select(sample => sample.MaskPath));
        foreach (var folder in images.Union(masks).Where(Directory.Exists))
            foreach (var kind in Unread(folder).GroupBy(file => Path.GetExtension(file).ToLowerInvariant()))
                report(DatasetProblem.Warning(folder, $"has {List([.. kind])} in a format that is not read", "Convert them to JPEG or PNG (masks to PNG)."));
        foreach (var folder in MaskFolders.Select(name => Path.Combine(root, name)).Where(folder => Directory.Exists(folder) && !masks.Contains(folder)))
            if (Directory.EnumerateFiles(folder).Where(IsNoNote).ToList() is { Count: > 0 } files)
                report(DatasetProblem.Warning(folder, $"has {List(files)}, and none is a mask of an image",
                    Directory.Exists(folder + "PNG") ? $"Put the files of {folder}PNG there." : "A mask is a PNG with the name of its image."));
    }

    private static HashSet<string> Folders(IEnumerable<string?> files) => [.. files.OfType<string>().Select(file => Path.GetDirectoryName(file)!)];

    private static IEnumerable<string> Unread(string folder) => Directory.EnumerateFiles(folder).Where(file => !ImageFile.HasImageExtension(file) && IsNoNote(file));

    private static bool IsNoNote(string file) =>
        Path.GetFileName(file) is var name && !name.StartsWith('.') && !Notes.Contains(Path.GetExtension(name).ToLowerInvariant());

    private static string List(List<string> files)
    {
        files.Sort(StringComparer.Ordinal);
        return $"{files.Count} file{(files.Count == 1 ? "" : "s")} ({string.Join(", ", files.Take(5).Select(Path.GetFileName))}{(files.Count > 5 ? ", ..." : "")})";
    }
}
