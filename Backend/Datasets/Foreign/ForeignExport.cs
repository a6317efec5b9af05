using System.Text.Json;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Datasets.Foreign;

/// <summary>Tells exports that are not read from folders that are nothing at all: what they are, and how to export instead.</summary>
internal static class ForeignExport
{
    /// <summary>Entries of a folder that are looked at.</summary>
    private const int MostEntries = 1000;

    private const int HeadBytes = 64 << 10;

    /// <returns>A sentence or two; null where the folder is none of these.</returns>
    public static string? Describe(string root)
    {
        try
        {
            if (LabelmeFile(root) is { } labelme)
                return $"{root} holds labelme's JSON files, one an image ({Path.GetRelativePath(root, labelme)}). Run labelme2voc.py or "
                    + "labelme2coco.py of labelme's examples on it, and give the folder that makes.";
            if (File.Exists(Path.Combine(root, "data.yaml"))
                && Folders(root).Any(folder => Directory.Exists(Path.Combine(folder, "labels")) || Path.GetFileName(folder) == "labels"))
                return $"{root} is an export for YOLO (data.yaml and labels/). Export it in COCO's format instead: Roboflow calls it 'COCO "
                    + "Segmentation', CVAT 'COCO 1.0'.";
            if (File.Exists(Path.Combine(root, "annotations.xml")))
                return $"{root} is CVAT's own format (annotations.xml). Export it as 'COCO 1.0' or 'Segmentation mask 1.1' instead.";
            if (Directory.Exists(Path.Combine(root, "leftImg8bit")) || Directory.Exists(Path.Combine(root, "gtFine")))
                return $"{root} has the layout of Cityscapes. Give its images and label maps as an image folder: images/, masks/ and tags.csv.";
            if (Directory.EnumerateFiles(root).Take(MostEntries).Any(path => path.EndsWith("_mask.png", StringComparison.Ordinal)))
                return $"{root} has masks (NAME_mask.png) and no _classes.csv, which gives the pixel values their classes. Export it again with "
                    + "that file.";
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Folders(string root) => Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).Take(MostEntries);

    private static string? LabelmeFile(string root) => new[] { root }.Concat(Folders(root).Take(16))
        .Select(folder => FolderFiles.Of(folder, ".json") is [var first, ..] ? first : null)
        .FirstOrDefault(path => path is not null && IsLabelme(path));

    /// <summary>Its object names shapes and the image, whatever their order.</summary>
    private static bool IsLabelme(string path)
    {
        using var file = RegularFile.OpenRead(path);
        var head = new byte[HeadBytes];
        var length = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        var reader = new Utf8JsonReader(head.AsSpan(0, length), isFinalBlock: false, default);
        try
        {
            while (reader.Read())
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("shapes"u8))
                    return true;
        }
        catch (JsonException)
        {
            // Some other file that is called JSON.
        }
        return false;
    }
}
