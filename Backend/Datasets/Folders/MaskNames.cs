using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Folders;

/// <summary>Finds the mask of an image under the names that tools give it: its own, <c>ID_mask.png</c> and the like, or <c>ID.jpg.png</c>.</summary>
internal static class MaskNames
{
    private static readonly string[] Endings =
        ["_mask", "-mask", ".mask", "_masks", "_seg", "_segmentation", "_label", "_labels", "_gt", "_groundtruth", "_annotation",
            .. ImageExtensions.Readable];

    /// <summary>The mask's identifier in its folder; null where there is none.</summary>
    public static string? IdOf(FileIndex masks, string image) =>
        masks.IdOfExact(image) ?? Endings.Select(ending => masks.IdOfExact(image + ending)).FirstOrDefault(id => id is not null);

    /// <summary>The mask of an image; null where it has none. One of a format that is not read is reported.</summary>
    public static string? Find(FileIndex masks, string image, Action<DatasetProblem> report)
    {
        if (IdOf(masks, image) is not { } id)
            return null;
        if (masks.Find(id) is { } mask)
            return mask;
        report(Unread(ProblemSeverity.Error, masks.FindUnread(id)!, "Convert it to an indexed or gray PNG of the same name."));
        return null;
    }

    /// <summary>Tells of a folder whose files are masks of nothing.</summary>
    /// <param name="found">Images that have a mask.</param>
    public static void ReportUnused(FileIndex masks, int found, string images, Action<DatasetProblem> report)
    {
        if (found == 0 && Files.FolderFiles.Of(masks.Folder).Count is var files and > 0)
            report(DatasetProblem.Warning(masks.Folder, $"has {files:N0} files, and none is the mask of an image of {images}",
                "Store the masks as PNG, named like their images: ID.png."));
    }

    public static DatasetProblem Unread(ProblemSeverity severity, string path, string remedy) =>
        new(severity, path, $"is a file of the format {Path.GetExtension(path).TrimStart('.').ToUpperInvariant()}, which is not read", remedy);
}
