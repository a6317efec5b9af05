using System.Collections.Concurrent;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Foreign;

/// <summary>
/// Roboflow's export "Semantic Segmentation Masks":
/// <code>
/// train/ valid/ test/    or the folder itself, one split "all"
///     NAME.jpg           an image
///     NAME_mask.png      its mask: gray levels
///     _classes.csv       Pixel Value, Class
/// </code>
/// A class is known by its pixel value, so that values with gaps become the labels 1 to K in their order; 0 is the background. An image's tags are
/// the classes of its mask, which has no other source: every mask is decoded once.
/// </summary>
public sealed class RoboflowMasks : IDatasetReader
{
    private const string ClassFile = "_classes.csv";
    private const string MaskEnding = "_mask.png";
    private const int MostFolders = 64;

    /// <summary>A file has 256 lines at most; in bytes.</summary>
    private const int LongestClassFile = 1 << 16;

    private readonly ConcurrentDictionary<string, IReadOnlyList<Sample>> _samples = new();
    private readonly IReadOnlyDictionary<string, string> _folders;

    /// <summary>Label by pixel value; null where no class has it.</summary>
    private readonly byte?[] _labels = new byte?[256];

    private RoboflowMasks(string root, IReadOnlyDictionary<string, string> folders)
    {
        Root = root;
        Name = Path.GetFileName(root);
        _folders = folders;
        string[] usual = ["train", "val", "test"];
        Splits = [.. usual.Where(folders.ContainsKey), .. folders.Keys.Except(usual).Order(StringComparer.Ordinal)];
        var files = Splits.Select(split => Path.Combine(folders[split], ClassFile)).ToList();
        var values = ReadClasses(files[0]);
        foreach (var other in files.Skip(1))
            if (!ReadClasses(other).SequenceEqual(values))
                throw new DatasetException(
                    $"{other} maps pixel values to other classes than {files[0]} does. Export all splits of one version together.");
        (_labels[LabelMap.Background], _labels[LabelMap.Ignore]) = (LabelMap.Background, LabelMap.Ignore);
        var classes = values.Where(value => value.Key > 0).ToList();
        if (classes.FirstOrDefault(value => ClassName.IsBackground(value.Value)) is { Key: > 0 } background)
            throw new DatasetException(
                $"{files[0]} calls the pixel value {background.Key} '{background.Value}', but 0 is the background. Export with the background as 0.");
        Classes = ClassNames.Require([.. classes.Select(value => value.Value)], files[0]);
        for (var k = 0; k < classes.Count; k++)
            _labels[classes[k].Key] = (byte)(k + 1);
    }

    public string Name { get; }
    public string Root { get; }
    public ClassSet Classes { get; }
    public IReadOnlyList<string> Splits { get; }

    /// <summary>True where the folder has the layout, whatever else is wrong with it.</summary>
    public static bool Recognises(string root) => FoldersOf(root).Count > 0;

    /// <exception cref="DatasetException">The layout is another, or <c>_classes.csv</c> cannot be read, or differs between splits.</exception>
    public static RoboflowMasks Open(string root)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        return FoldersOf(root) is { Count: > 0 } folders
            ? new(root, folders)
            : throw new DatasetException($"{root} has no {ClassFile} that begins with 'Pixel Value, Class'.");
    }

    public IReadOnlyList<Sample> Samples(string split) => _samples.GetOrAdd(split, name => this.ReadOrThrow(name));

    IReadOnlyList<Sample> IDatasetReader.Read(string split, Action<DatasetProblem> report)
    {
        var files = FolderFiles.Of(_folders[split]).Where(ImageExtensions.IsReadable).ToList();
        var masks = files.Where(path =>
            path.EndsWith(MaskEnding, StringComparison.Ordinal)).ToDictionary(path => path[..^MaskEnding.Length], StringComparer.Ordinal);
        var images = files.Where(path => !path.EndsWith(MaskEnding, StringComparison.Ordinal)).DistinctBy(StemOf).ToList();
        foreach (var alone in masks.Keys.Except(images.Select(StemOf)))
            report(DatasetProblem.Warning(masks[alone], "is a mask without an image", "It is skipped. Add the image, or delete the mask."));
        var samples = new Sample?[images.Count];
        var problems = new ConcurrentQueue<DatasetProblem>();
        Parallel.For(0, images.Count, i =>
        {
            var id = Path.GetFileNameWithoutExtension(images[i]);
            if (!masks.TryGetValue(StemOf(images[i]), out var path))
            {
                problems.Enqueue(DatasetProblem.Error(images[i], "has no mask, and so no tags", $"Add {id}{MaskEnding}, or take the image away."));
                return;
            }
            try
            {
                var mask = new Mask(path, _labels);
                samples[i] = new(id, images[i], path, TagsOf(mask.Draw())) { Drawn = mask };
            }
            catch (ImageException error)
            {
                problems.Enqueue(
                    DatasetProblem.Error(path, $"cannot be read as a mask: {error.Message.Replace(path, "it").TrimEnd('.')}", "Export it again."));
            }
        });
        foreach (var problem in problems.OrderBy(problem => problem.File, StringComparer.Ordinal))
            report(problem);
        return [.. samples.OfType<Sample>()];
    }

    private static int[] TagsOf(LabelMap mask)
    {
        var isPresent = new bool[256];
        foreach (var label in mask.Labels)
            isPresent[label] = true;
        return [.. Enumerable.Range(1, ClassSet.Most).Where(label => isPresent[label]).Select(label => label - 1)];
    }

    private static string StemOf(string path) => path[..^Path.GetExtension(path).Length];

    /// <summary>Folders by split. Another export of Roboflow's has a file of the same name with a column for every class.</summary>
    private static IReadOnlyDictionary<string, string> FoldersOf(string root)
    {
        try
        {
            if (HasClasses(root))
                return new Dictionary<string, string> { [ImageFolder.All] = root };
            return Directory.EnumerateDirectories(root)
                .Where(folder => !FolderFiles.IsLeftover(Path.GetFileName(folder)))
                .Order(StringComparer.Ordinal)
                .Take(MostFolders)
                .Where(HasClasses)
                .ToDictionary(folder => Path.GetFileName(folder) is var name && name is "valid" ? "val" : name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Dictionary<string, string>();
        }
    }

    private static bool HasClasses(string folder)
    {
        var path = Path.Combine(folder, ClassFile);
        if (!File.Exists(path))
            return false;
        using var reader = new StreamReader(RegularFile.OpenRead(path));
        var start = new char[64];
        return new string(start, 0, reader.ReadBlock(start)).TrimStart().StartsWith("Pixel Value", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Names by pixel value, in the order of the values.</summary>
    private static SortedDictionary<int, string> ReadClasses(string path)
    {
        try
        {
            var classes = new SortedDictionary<int, string>();
            var number = 0;
            foreach (var line in BoundedText.Lines(path, "a list of pixel values and classes", LongestClassFile))
            {
                if (++number == 1 || string.IsNullOrWhiteSpace(line))
                    continue;
                var cells = line.Split(',', 2, StringSplitOptions.TrimEntries);
                if (cells.Length != 2 || !int.TryParse(cells[0], out var value) || value is < 0 or > 254)
                    throw new DatasetException($"{path}: line {number} is not a pixel value from 0 to 254 and its class. Write 1, cat.");
                if (!classes.TryAdd(value, cells[1].Trim('"')))
                    throw new DatasetException($"{path}: line {number} gives the pixel value {value} a second class. Give it one.");
            }
            if (classes.TryGetValue(0, out var first) && !IsBackground(first))
                throw new DatasetException(
                    $"{path} gives the pixel value 0 to the class '{first}', but 0 is the background in every label map here. Export with a "
                    + "background class.");
            return classes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, path, "Write one line a class: pixel value, class.");
        }
    }

    private static bool IsBackground(string name) =>
        ClassName.IsBackground(name) || ClassName.IsUndecided(name) || name.Equals("none", StringComparison.OrdinalIgnoreCase);

    private sealed class Mask(string path, byte?[] labels) : IDrawnMask
    {
        public string Name => path;
        public ImageSize? Size => ImageFile.ReadSize(path);

        public LabelMap Draw()
        {
            var levels = ImageFile.ReadLabels(path);
            var drawn = new byte[levels.Labels.Length];
            for (var i = 0; i < drawn.Length; i++)
                drawn[i] = labels[levels.Labels[i]]
                    ?? throw new ImageException(
                        $"{path} has the pixel value {levels.Labels[i]} at x {i % levels.Width}, y {i / levels.Width}, which {ClassFile} does not "
                        + "give a class. Correct one of the two.");
            return new(levels.Width, levels.Height, drawn);
        }
    }
}
