using System.Collections.Concurrent;
using Dashboard.Backend.Images;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets;

/// <summary>
/// A user's own images:
/// <code>
/// images/            ID.jpg or ID.png
/// masks/             optional: ID.png, label maps (0 background, k+1 class k, 255 ignore)
/// tags.csv           one line an image: the image (with or without extension), then its tags
/// classes.txt        optional: one class a line, in label order; else the classes of tags.csv in order of first appearance
/// splits/NAME.txt    optional: one image a line; else one split "all"
/// </code>
/// Tags stand in columns of their own or in one column separated by semicolons: <c>a.jpg,cat,dog</c> or <c>a.jpg,cat;dog</c>. An image may have none.
/// A first line that begins with <c>image</c> is a header. Cells may be quoted.
/// </summary>
public sealed class ImageFolder : IDatasetReader
{
    public const string All = "all";

    private readonly ConcurrentDictionary<string, IReadOnlyList<Sample>> _samples = new();
    private readonly TagTable _tags;

    private ImageFolder(string root)
    {
        Root = root;
        Name = Path.GetFileName(root);
        _tags = TagTable.Read(TagFile);
        var classFile = Path.Combine(root, "classes.txt");
        Classes = File.Exists(classFile) ? ClassNames.Require(ReadLines(classFile), classFile) : ClassNames.Require(_tags.Names, TagFile);
        var splits = Path.Combine(root, "splits");
        var lists = Directory.Exists(splits) ? Directory.GetFiles(splits, "*.txt") : [];
        Splits = lists.Length == 0 ? [All] : [.. lists.Select(list => Path.GetFileNameWithoutExtension(list)).Order(StringComparer.Ordinal)];
    }

    public string Name { get; }
    public string Root { get; }
    public ClassSet Classes { get; }
    public IReadOnlyList<string> Splits { get; }

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
        var images = Directory.EnumerateFiles(Path.Combine(Root, "images")).Where(ImageFile.HasImageExtension).ToLookup(Path.GetFileNameWithoutExtension, StringComparer.Ordinal);
        // Of any image format: one that is no label map is refused by name, not overlooked.
        var maskFolder = Path.Combine(Root, "masks");
        var masks = (Directory.Exists(maskFolder) ? Directory.GetFiles(maskFolder) : []).Where(ImageFile.HasImageExtension).OrderByDescending(file => Path.GetExtension(file).ToLowerInvariant())
            .ToLookup(Path.GetFileNameWithoutExtension, StringComparer.Ordinal);
        var coding = LabelColours.Read(Root, Classes);
        var list = Path.Combine(Root, "splits", split + ".txt");
        IEnumerable<string> ids = File.Exists(list) ? ReadLines(list).Select(TagTable.Id) : images.Select(files => files.Key!).Order(StringComparer.Ordinal);
        var numbers = Classes.Names.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);

        var samples = new List<Sample>();
        foreach (var id in ids)
        {
            var image = images[id].FirstOrDefault() ?? Path.Combine(Root, "images", id + ".jpg");
            if (images[id].Count() > 1)
                report(DatasetProblem.Error(image, "stands beside an image of the same name and another extension", "Rename one of them."));
            if (!_tags.Rows.TryGetValue(id, out var names))
            {
                report(DatasetProblem.Error(TagFile, $"has no line for {id}", "Add one; an image without any class has a line without tags."));
                continue;
            }
            foreach (var unknown in names.Where(name => !numbers.ContainsKey(name)))
                report(DatasetProblem.Error(TagFile, $"gives {id} the tag '{unknown}', which classes.txt does not name",
                    "Correct the tag, or add the class."));
            int[] tags = [.. names.Where(numbers.ContainsKey).Select(name => numbers[name]).Distinct().Order()];
            samples.Add(new(id, image, masks[id].FirstOrDefault(), tags) { Coding = coding });
        }
        return samples;
    }

    private static IReadOnlyList<string> ReadLines(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path} cannot be read: {error.Message}", error);
        }
    }
}
