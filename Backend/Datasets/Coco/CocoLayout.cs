using System.Text.Json;
using System.Text.RegularExpressions;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>Where the annotations of one split lie, and where its images may.</summary>
/// <param name="Name">"train", "val", "test", or what the user calls it; "all" for the only split of a folder.</param>
/// <param name="ImageFolders">The likeliest first.</param>
internal sealed record CocoSplit(string Name, string Annotations, IReadOnlyList<string> ImageFolders);

/// <summary>
/// Finds annotation files in the layouts that are in use, in this order:
/// <code>
/// annotations/instances_NAME.json    COCO itself (NAME/ or images/NAME/ beside it) and CVAT (images/) annotations/*.json                 the same
/// under other names NAME/*.json                        Roboflow (_annotations.coco.json beside the images), labelme2coco (annotations.json,
/// JPEGImages/), FiftyOne (labels.json, data/) *.json                             the same without splits, or one file a split
/// </code>
/// </summary>
internal static partial class CocoLayout
{
    /// <summary>What a folder without splits calls its only one.</summary>
    public const string All = ImageFolder.All;

    private const string Instances = "instances_";

    /// <summary>Enough for the first name of an object.</summary>
    private const int HeadBytes = 4096;

    /// <summary>Files of one folder that are looked at: a folder with more is one that has a file an image.</summary>
    private const int MostFiles = 16;

    private const int MostFolders = 64;

    private static readonly string[] Usual = ["train", "val", "trainval", "test"];
    private static readonly string[] Places = ["images", "JPEGImages", "data"];
    private static readonly string[] OtherTasks = ["captions_", "panoptic_", "person_keypoints_", "stuff_", "image_info_"];
    private static readonly string[] Heads = ["info", "licenses", "images", "annotations", "categories"];

    /// <summary>Empty where there are none. The usual splits come first, then the others by name.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static IReadOnlyList<CocoSplit> Find(string root)
    {
        var annotations = Path.Combine(root, "annotations");
        var found = JsonFiles(annotations).Where(path =>
            Path.GetFileName(path).StartsWith(Instances, StringComparison.Ordinal)).Take(MostFiles).ToList();
        if (found.Count == 0)
            found = [.. JsonFiles(annotations).Take(MostFiles).Where(IsAnnotations)];
        if (found.Count == 0)
            found = [.. Folders(root).SelectMany(folder => JsonFiles(folder).Take(MostFiles).Where(IsAnnotations).Take(1))];
        if (found.Count == 0)
            found = [.. JsonFiles(root).Take(MostFiles).Where(IsAnnotations)];

        // Two files of one name, as train2014 and train2017, keep the names that they have.
        var names = found.Select(path => SplitName(root, path)).ToList();
        return
        [
            .. found.Select((path, i) =>
                new CocoSplit(names.Count(name => name == names[i]) == 1 ? names[i] : RawName(root, path), path, ImageFolders(root, path, names[i])))
                .OrderBy(split => Array.IndexOf(Usual, split.Name) is >= 0 and var place ? place : Usual.Length)
                .ThenBy(split => split.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>True where the file begins as COCO's annotations do.</summary>
    private static bool IsAnnotations(string path)
    {
        try
        {
            using var file = RegularFile.OpenRead(path);
            var head = new byte[HeadBytes];
            var length = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
            var mark = head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
            var reader = new Utf8JsonReader(head.AsSpan(mark, length - mark), isFinalBlock: false, default);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName
                && Heads.Contains(reader.GetString());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or UnreadableFileException)
        {
            return false;
        }
    }

    private static IEnumerable<string> JsonFiles(string folder) =>
        FolderFiles.Of(folder, ".json").Where(path => !OtherTasks.Any(task => Path.GetFileName(path).StartsWith(task, StringComparison.Ordinal)));

    private static IEnumerable<string> Folders(string root) =>
        Directory.EnumerateDirectories(root)
            .Where(folder => !FolderFiles.IsLeftover(Path.GetFileName(folder)))
            .Order(StringComparer.Ordinal)
            .Take(MostFolders);

    private static string RawName(string root, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var stem = Path.GetFileNameWithoutExtension(path);
        return folder != root && folder != Path.Combine(root, "annotations") ? Path.GetFileName(folder)
            : stem.StartsWith(Instances, StringComparison.Ordinal) ? stem[Instances.Length..] : stem;
    }

    private static string SplitName(string root, string path)
    {
        var raw = RawName(root, path);
        var word = Year().Replace(Additions().Replace(raw.ToLowerInvariant(), ""), "");
        return word switch
        {
            "train" or "training" => "train",
            "val" or "valid" or "validation" => "val",
            "test" or "testing" or "trainval" => word == "testing" ? "test" : word,
            "" or "default" or "labels" or "dataset" or "result" => All,
            _ => raw,
        };
    }

    private static IReadOnlyList<string> ImageFolders(string root, string annotations, string split)
    {
        var beside = Path.GetDirectoryName(annotations)!;
        string[] names = [RawName(root, annotations), split];
        string[] folders =
        [
            .. names.Select(name => Path.Combine(root, name)),
            .. Places.SelectMany(place => names.Select(name => Path.Combine(root, place, name))),
            .. Places.Select(place => Path.Combine(beside, place)),
            .. Places.Select(place => Path.Combine(root, place)),
            beside,
            root,
        ];
        return [.. folders.Distinct().Where(Directory.Exists)];
    }

    [GeneratedRegex(@"[-_.]?(19|20)\d\d$")]
    private static partial Regex Year();

    /// <summary>What exporters put around a split's name.</summary>
    [GeneratedRegex(@"^_?(annotations?|coco|instances)[-_.]?|[-_.]?(annotations?|coco|instances)(\.coco)?$")]
    private static partial Regex Additions();
}
