using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Images;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>
/// A data set whose annotations are COCO's instances: COCO itself, and what Roboflow, CVAT, labelme2coco and others export in its format;
/// <see cref="CocoLayout"/> names the folders. The classes are the categories in the order of their ids, so that COCO's 80, whose ids have gaps, are
/// 1 to 80. An image's tags are the categories of its annotations, crowds included. Masks are drawn as <see cref="CocoMasks"/> says, whenever one is
/// asked for.
/// </summary>
public sealed partial class CocoFolder : IDatasetReader
{
    private const int ClassesOfCoco = 80;
    private const string CocoName = "COCO ";
    private const string Coco2014 = CocoName + "2014";
    private const string Coco2017 = CocoName + "2017";

    /// <summary>Images that are looked for in a folder to tell whether they lie in it.</summary>
    private const int Probes = 100;

    private readonly ConcurrentDictionary<string, IReadOnlyList<Sample>> _samples = new();
    private readonly IReadOnlyDictionary<string, (CocoSplit Place, CocoIndex Index)> _splits;

    private CocoFolder(string root, IReadOnlyList<(CocoSplit Place, CocoIndex Index)> splits)
    {
        Root = root;
        _splits = splits.ToDictionary(split => split.Place.Name);
        Splits = [.. splits.Select(split => split.Place.Name)];
        Categories = CategoriesOf([.. splits.Select(split => split.Index)]);
        // Label 0 belongs to no category: a background that has annotations would shift all other labels, or lose them.
        if (Categories.FirstOrDefault(category => ClassName.IsBackground(category.Name)) is { } background)
            throw new DatasetException(
                $"{splits[0].Place.Annotations} has annotations of the category {background.Id}, '{background.Name}'. What no annotation outlines "
                + "is the background: delete them, or rename the category.");
        Classes = ClassNames.Require([.. Categories.Select(category => category.Name)], splits[0].Place.Annotations);
        Name = NameOf(root, Classes, splits);
    }

    public string Name { get; }
    public string Root { get; }
    public ClassSet Classes { get; }
    public IReadOnlyList<string> Splits { get; }

    /// <summary>In the order of the classes.</summary>
    private IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>True where the folder has one of the layouts, whatever else is wrong with it.</summary>
    public static bool Recognises(string root)
    {
        try
        {
            return CocoLayout.Find(root).Count > 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <exception cref="DatasetException">
    /// The layout is another, or a file of annotations is damaged or contradicts another: names the file and the place.
    /// </exception>
    public static CocoFolder Open(string root)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        try
        {
            var splits = CocoLayout.Find(root);
            return splits.Count > 0
                ? new(root, [.. splits.Select(split => (split, CocoIndexes.Get(split.Annotations)))])
                : throw new DatasetException(
                    $"{root} has no annotations in COCO's format. Put annotations/instances_train.json there, and the images in train/ or images/.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, root, "Restore the file, or its permissions.");
        }
    }

    /// <summary>COCO's splits, as long as published.</summary>
    public bool IsPublished(string split) =>
        (Name, Samples(split).Count) is (Coco2017, 118_287 or 5_000 or 40_670) or (Coco2014, 82_783 or 40_504 or 40_775);

    public IReadOnlyList<Sample> Samples(string split) => _samples.GetOrAdd(split, name => this.ReadOrThrow(name));

    IReadOnlyList<Sample> IDatasetReader.Read(string split, Action<DatasetProblem> report)
    {
        var (place, index) = _splits[split];
        var problems = new ProblemTally(index.File);
        var classes = index.Categories.Select(category => Categories.TakeWhile(known => known.Id != category.Id).Count()).ToArray();
        var masks = new CocoMasks(index, [.. classes.Select(number => (byte)Math.Min(number + 1, (int)LabelMap.Ignore))]);
        var folder = FolderOf(place, index);
        var ids = IdsOf(index);
        var hasOutlines = HasOutlines(index);
        var seen = new HashSet<string>(index.Images.Count, StringComparer.Ordinal);
        var samples = new List<Sample>(index.Images.Count);
        for (var i = 0; i < index.Images.Count; i++)
        {
            var image = index.Images[i];
            if (PathOf(folder, image.FileName) is not { } path)
                problems.Add(ProblemSeverity.Error, "an image outside the data set",
                    $"lists the image {image.Id} as '{image.Shown}', which leads out of {Root}", "Correct file_name.");
            else if (!seen.Add(path))
                problems.Add(ProblemSeverity.Error, "a file listed as two images",
                    $"lists {image.Shown} as more than one image, the last with the id {image.Id}", "Keep one of them, and give it all annotations.");
            else
            {
                var places = index.PlacesOf(i);
                var (tags, boxes) = (new SortedSet<int>(), 0);
                foreach (var annotation in places)
                {
                    tags.Add(classes[annotation.Category]);
                    boxes += annotation.HasOutline ? 0 : 1;
                }
                if (boxes > 0 && hasOutlines)
                    problems.Add(ProblemSeverity.Warning, "an image with objects that have a box and no outline",
                        $"gives {boxes} of {places.Length} objects in {image.Shown} a box and no outline",
                        "The image has tags, and no mask: its mask would call the object background. Draw the outline.");
                samples.Add(
                    new(ids[i], path, hasOutlines && boxes == 0 ? index.File : null,
                        [.. tags]) { Drawn = hasOutlines && boxes == 0 ? new Mask(masks, index, i, path) : null });
            }
        }
        if (!hasOutlines)
            problems.Add(ProblemSeverity.Warning, "no outlines", "has boxes and no outlines",
                "Images have tags, and no masks: they can be trained on, but not scored. Export outlines (instance segmentation) for that.");
        foreach (var problem in (DatasetProblem[])[.. index.Problems, .. problems.Problems])
            report(problem);
        return samples;
    }

    /// <summary>All categories of all files in the order of their ids, without what stands for no class.</summary>
    private static IReadOnlyList<CocoCategory> CategoriesOf(IReadOnlyList<CocoIndex> indexes)
    {
        var known = new SortedDictionary<long, (CocoCategory Category, string File)>();
        foreach (var index in indexes)
        foreach (var category in index.Categories)
            if (!known.TryAdd(category.Id, (category, index.File)) && known[category.Id].Category.Name != category.Name)
                throw new DatasetException(
                    $"{index.File} calls the category {category.Id} '{CocoImage.Show(category.Name)}', but {known[category.Id].File} calls it "
                    + $"'{CocoImage.Show(known[category.Id].Category.Name)}'. Give it one name in all files.");
        return [.. known.Values.Select(entry => entry.Category)
            .Where(category => !StandsForNoClass(category, known.Values.Select(entry => entry.Category), indexes))];
    }

    /// <summary>Roboflow lists a heading above the classes as category 0, and labelme2coco the background: no annotation is of either.</summary>
    private static bool StandsForNoClass(CocoCategory category, IEnumerable<CocoCategory> all, IReadOnlyList<CocoIndex> indexes)
    {
        var isHeading = all.Any(other => other.Id != category.Id && other.Parent == category.Name);
        return (isHeading || ClassName.IsBackground(category.Name) || ClassName.IsUndecided(category.Name))
            && !indexes.Any(index => index.IsUsed(category.Id));
    }

    /// <summary>COCO's own name with its year, so that its numbers are compared wherever the folder lies; else the folder's.</summary>
    private static string NameOf(string root, ClassSet classes, IReadOnlyList<(CocoSplit Place, CocoIndex Index)> splits)
    {
        var isCoco = classes.Count == ClassesOfCoco && classes.Names[0] == "person" && classes.Names[^1] == "toothbrush";
        var years = splits.Select(split => CocoYear().Match(Path.GetFileName(split.Place.Annotations)).Groups[1].Value).Distinct().ToList();
        return isCoco && years is [{ Length: > 0 } year] ? $"{CocoName}{year}" : Path.GetFileName(root);
    }

    [GeneratedRegex(@"^instances_(?:train|val)(2014|2017)\.json$")]
    private static partial Regex CocoYear();

    private static bool HasOutlines(CocoIndex index)
    {
        var isEmpty = true;
        for (var i = 0; i < index.Images.Count; i++)
            foreach (var place in index.PlacesOf(i))
            {
                if (place.HasOutline)
                    return true;
                isEmpty = false;
            }
        return isEmpty;
    }

    /// <summary>The folder that holds most of the images that are looked for.</summary>
    private static string FolderOf(CocoSplit place, CocoIndex index)
    {
        var probes = Math.Min(Probes, index.Images.Count);
        var names = Enumerable.Range(0, probes).Select(i => Relative(index.Images[(int)((long)i * index.Images.Count / probes)].FileName)).ToList();
        var best = place.ImageFolders.Select(folder =>
            (Folder: folder, Found: names.Count(name => File.Exists(Path.Combine(folder, name))))).MaxBy(found => found.Found);
        return best.Found > 0
            ? best.Folder
            : throw new DatasetException(
                $"{index.File} lists {index.Images.Count:N0} {(index.Images.Count == 1 ? "image" : "images")}, the first as "
                + $"'{CocoImage.Show(names.FirstOrDefault() ?? "")}', but none of them lies in {string.Join(", ", place.ImageFolders)}. Put them "
                + "in one of these folders.");
    }

    /// <summary>Names as Windows writes them, and absolute ones of the machine that exported them.</summary>
    private static string Relative(string name)
    {
        name = name.Replace('\\', '/');
        return name.StartsWith('/') || name is [_, ':', '/', ..] ? Path.GetFileName(name) : name;
    }

    /// <summary>Null where it leads out of the data set: files of annotations are data.</summary>
    private string? PathOf(string folder, string name)
    {
        var path = Path.GetFullPath(Path.Combine(folder, Relative(name)));
        return path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }

    /// <summary>The image's name without folders and extension where that tells all apart; with folders where it does not.</summary>
    private static IReadOnlyList<string> IdsOf(CocoIndex index)
    {
        string[] names = [.. index.Images.Select(image => Relative(image.FileName))];
        string[] stems = [.. names.Select(name => Path.GetFileNameWithoutExtension(name))];
        return stems.Distinct(StringComparer.Ordinal).Count() == stems.Length
            ? stems
            : [.. names.Select(name => Path.ChangeExtension(name, null).Replace('/', '_'))];
    }

    private sealed class Mask(CocoMasks masks, CocoIndex index, int image, string path) : IDrawnMask
    {
        public string Name => $"{index.File}, image {index.Images[image].Shown}";
        public ImageSize? Size => index.Images[image] is { Width: > 0, Height: > 0 } known ? new(known.Width, known.Height) : null;
        public LabelMap Draw() => masks.Draw(image, path);
    }
}
