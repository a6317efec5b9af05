using System.Collections.Concurrent;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Tags;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets.Folders;

/// <summary>
/// A user's own images:
/// <code>
/// images/            ID.jpg or ID.png
/// masks/             optional: ID.png or ID_mask.png, label maps (0 background, k+1 class k, 255 ignore)
/// tags.csv           one line an image: the image (with or without extension), then its tags
/// classes.txt        optional: one class a line, in label order; else the classes of tags.csv in order of first appearance
/// splits/NAME.txt    optional: one image a line; else one split "all"
/// </code>
/// Tags stand in columns of their own or in one column separated by semicolons: <c>a.jpg,cat,dog</c> or <c>a.jpg,cat;dog</c>, one a row, or as a
/// column of 0 and 1 for every class. An image may have none. Columns are separated by commas, semicolons or tabs, may have a header, and cells may
/// be quoted.
/// </summary>
public sealed class ImageFolder : IDatasetReader
{
    public const string All = "all";

    private readonly ConcurrentDictionary<string, IReadOnlyList<Sample>> _samples = new();
    private readonly IReadOnlyDictionary<string, string> _lists;
    private readonly TagTable _tags;
    private readonly List<string> _notes = [];

    private ImageFolder(string root)
    {
        Root = root;
        Name = Path.GetFileName(root);
        var images = FileIndex.OfImages(Images);
        var classFile = Path.Combine(root, "classes.txt");
        var listed = File.Exists(classFile) ? ClassNames.Read(classFile, _notes.Add) : null;
        _tags = TagTable.Read(TagFile, images, listed?.Names);
        Classes = listed ?? ClassNames.Require(_tags.Names, TagFile);
        _notes.AddRange(_tags.Notes);
        _lists = FolderFiles.Of(Path.Combine(root, "splits"), ".txt").DistinctBy(Path.GetFileNameWithoutExtension).ToDictionary(path =>
            Path.GetFileNameWithoutExtension(path));
        Splits = _lists.Count == 0 ? [All] : [.. _lists.Keys.Order(StringComparer.Ordinal)];
    }

    public string Name { get; }
    public string Root { get; }
    public IReadOnlyList<string> Notes => _notes;
    public ClassSet Classes { get; }
    public IReadOnlyList<string> Splits { get; }

    private string Images => Path.Combine(Root, "images");
    private string TagFile => Path.Combine(Root, "tags.csv");

    /// <summary>True where the folder has the layout, whatever else is wrong with it.</summary>
    public static bool Recognises(string root) => Directory.Exists(Path.Combine(root, "images")) && File.Exists(Path.Combine(root, "tags.csv"));

    /// <exception cref="DatasetException">The layout is another, or tags.csv or classes.txt cannot be read.</exception>
    public static ImageFolder Open(string root)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (!Directory.Exists(Path.Combine(root, "images")))
            throw new DatasetException($"{Path.Combine(root, "images")} is missing. An image folder has images/ and tags.csv.");
        return new(root);
    }

    public IReadOnlyList<Sample> Samples(string split) => _samples.GetOrAdd(split, name => this.ReadOrThrow(name));

    IReadOnlyList<Sample> IDatasetReader.Read(string split, Action<DatasetProblem> report)
    {
        var (images, masks) = (FileIndex.OfImages(Images), FileIndex.OfMasks(Path.Combine(Root, "masks")));
        ReportStrays(images, masks, report);
        var numbers = ClassNames.Numbers(Classes.Names);
        var coding = LabelColours.Read(Root, Classes);
        var samples = new List<Sample>();
        foreach (var id in Ids(split, images))
        {
            if (images.Find(id) is null && images.FindUnread(id) is { } unread)
            {
                report(MaskNames.Unread(ProblemSeverity.Error, unread, $"Convert it to PNG or JPEG, or take it off the list {_lists[split]}."));
                continue;
            }
            var image = images.Find(id) ?? Path.Combine(Images, id + ".jpg");
            if (images.All(id).Count > 1)
                report(DatasetProblem.Error(image, "lies beside an image with the same name and another extension", "Rename one of them."));
            if (!_tags.Rows.TryGetValue(id, out var names))
            {
                report(DatasetProblem.Error(TagFile, $"has no line for {NameList.Shorten(id)}",
                    "Add one; an image without any class has a line without tags."));
                continue;
            }
            foreach (var unknown in names.Where(name => !numbers.ContainsKey(name)))
                report(DatasetProblem.Error(TagFile,
                    $"gives {NameList.Shorten(id)} the tag '{NameList.Shorten(unknown)}', which classes.txt does not name",
                    "Correct the tag, or add the class."));
            int[] tags = [.. names.Where(numbers.ContainsKey).Select(name => numbers[name]).Distinct().Order()];
            samples.Add(new(id, image, MaskNames.Find(masks, id, report), tags) { Coding = coding });
        }
        MaskNames.ReportUnused(masks, samples.Count(sample => sample.MaskPath is not null), $"the split {split}", report);
        return samples;
    }

    private IEnumerable<string> Ids(string split, FileIndex images)
    {
        if (!_lists.TryGetValue(split, out var list))
            return images.Ids;
        try
        {
            return [.. BoundedText.Lines(list, "a list of images")
                .Select(line => line.Trim())
                .Where(line => IsEntry(line, images))
                .Select(line => images.IdOf(line) ?? ImageExtensions.Stem(line))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, list, "Write one image a line.");
        }
    }

    /// <summary>Neither blank nor a comment.</summary>
    private static bool IsEntry(string line, FileIndex images) => line.Length > 0 && (line[0] != '#' || images.IdOf(line) is not null);

    /// <summary>What lies in the folder, or stands in the table, and is not used by any split.</summary>
    private void ReportStrays(FileIndex images, FileIndex masks, Action<DatasetProblem> report)
    {
        if (images.Count == 0 && Directory.EnumerateDirectories(Images).Any(folder => !FolderFiles.IsLeftover(Path.GetFileName(folder))))
            report(DatasetProblem.Error(Images, "has folders, but no images",
                "Put the images directly into images/; splits/NAME.txt lists those of a split."));
        if (_tags.Strays.Count > 0)
            report(DatasetProblem.Warning(TagFile,
                $"has {_tags.Strays.Count:N0} row{(_tags.Strays.Count == 1 ? "" : "s")} without an image in images/: {NameList.Of(_tags.Strays)}",
                "Correct the name, add the image, or delete the row."));
        if (_lists.Count == 0)
        {
            foreach (var unread in images.Unread)
                report(MaskNames.Unread(ProblemSeverity.Warning, unread, "Convert it to PNG or JPEG; without that it is left out."));
        }
        var used = images.Ids.Concat(images.Unread.Select(path => Path.GetFileNameWithoutExtension(path))).Select(id =>
            MaskNames.IdOf(masks, id)).ToHashSet();
        string[] unused = [.. masks.Ids.Where(mask => !used.Contains(mask))];
        // Where none is used, that is said of the split.
        if (unused.Length > 0 && unused.Length < masks.Count)
            report(DatasetProblem.Warning(masks.Folder, $"has {unused.Length:N0} masks without an image in images/: {NameList.Of(unused)}",
                "Correct the name, add the image, or delete the mask."));
    }
}
