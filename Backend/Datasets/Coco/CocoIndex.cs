using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>Where one annotation lies in its file.</summary>
/// <param name="Category">Index into <see cref="CocoIndex.Categories"/>.</param>
/// <param name="Area">In pixels; NaN where the file does not give it.</param>
internal readonly record struct CocoPlace(long Offset, int Length, short Category, bool IsCrowd, bool HasOutline, double Area);

/// <summary>
/// What a file of annotations lists, and where in the file every annotation lies. Outlines are read from there when a mask is drawn, so that a file
/// of hundreds of megabytes takes some tens in memory.
/// </summary>
internal sealed class CocoIndex
{
    /// <summary>Several times those of COCO and LVIS; together they bound what a file can take of memory, some 400 MB.</summary>
    private const int MostImages = 2_000_000;
    private const int MostAnnotations = 5_000_000;

    private static readonly string[] Arrays = ["categories", "images", "annotations"];

    private readonly CocoPlace[] _places;

    /// <summary>Places of image i: from here to the next.</summary>
    private readonly int[] _starts;

    private CocoIndex(FileInfo file, IReadOnlyList<CocoCategory> categories, IReadOnlyList<CocoImage> images, CocoPlace[] places, int[] starts,
        IReadOnlyList<DatasetProblem> problems)
    {
        (File, Length, Changed) = (file.FullName, file.Length, file.LastWriteTimeUtc);
        (Categories, Images, Problems, _places, _starts) = (categories, images, problems, places, starts);
    }

    public string File { get; }
    public long Length { get; }
    public DateTime Changed { get; }

    /// <summary>In the order of their identifiers.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>In the file's order, which every run keeps.</summary>
    public IReadOnlyList<CocoImage> Images { get; }

    public IReadOnlyList<DatasetProblem> Problems { get; }

    /// <summary>The annotations of an image in the file's order.</summary>
    public ReadOnlySpan<CocoPlace> PlacesOf(int image) => _places.AsSpan(_starts[image].._starts[image + 1]);

    /// <param name="id">Of a category.</param>
    public bool IsUsed(long id) => _places.Any(place => Categories[place.Category].Id == id);

    /// <summary>True while the file is the one that was read.</summary>
    public bool IsCurrent(FileInfo file) => file.Exists && file.Length == Length && file.LastWriteTimeUtc == Changed;

    /// <exception cref="DatasetException">The file cannot be read, or is not such a file: says where it stops being one.</exception>
    public static CocoIndex Read(string path, CancellationToken cancellation = default)
    {
        try
        {
            RegularFile.Require(path);
            var file = new FileInfo(path);
            using var stream = RegularFile.OpenRead(path);
            return Read(stream, file, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, path, "Restore the file, or its permissions.");
        }
    }

    private static CocoIndex Read(Stream stream, FileInfo file, CancellationToken cancellation)
    {
        var problems = new ProblemTally(file.FullName);
        var categories = new List<CocoCategory>();
        var images = new List<CocoImage>();
        var annotations = new List<(CocoAnnotation Annotation, long Offset, int Length)>();
        var numbers = new Dictionary<string, long>();
        JsonArrayReader.Read(stream, file.FullName, Arrays, (array, offset, json) =>
        {
            var number = numbers[array] = numbers.GetValueOrDefault(array) + 1;
            string fault;
            switch (array)
            {
                case "categories" when CocoEntries.Category(json, out fault) is { } category:
                    Keep(categories, category, short.MaxValue, array);
                    return;
                case "images" when CocoEntries.Image(json, out fault) is { } image:
                    Keep(images, image, MostImages, array);
                    return;
                case "annotations" when CocoEntries.Annotation(json, out fault) is { } annotation:
                    Keep(annotations, (annotation, offset, json.Length), MostAnnotations, array);
                    return;
                case "categories":
                    CocoEntries.Category(json, out fault);
                    break;
                case "images":
                    CocoEntries.Image(json, out fault);
                    break;
                default:
                    CocoEntries.Annotation(json, out fault);
                    break;
            }
            problems.Add(ProblemSeverity.Error, $"an element of {array} that {fault}",
                $"lists in {array}, element {number:N0} (byte {offset:N0}), something that {fault}",
                "Correct the element, or export the file again.");
        }, cancellation);

        if (numbers.GetValueOrDefault("images") == 0 || numbers.GetValueOrDefault("categories") == 0)
            throw new DatasetException($"{file.FullName} lists no {(numbers.ContainsKey("images") ? "categories" : "images")}. "
                + "Give COCO's instances: a JSON object with images, annotations and categories.");
        return Order(file, categories, images, annotations, problems);

        void Keep<T>(List<T> list, T item, int most, string array)
        {
            if (list.Count == most)
                throw new DatasetException($"{file.FullName} lists more than {most:N0} {array}. Split the file.");
            list.Add(item);
        }
    }

    private static CocoIndex Order(
        FileInfo file, List<CocoCategory> categories, List<CocoImage> images, List<(CocoAnnotation Annotation, long Offset, int Length)> annotations,
        ProblemTally problems)
    {
        foreach (var twice in categories.GroupBy(category => category.Id).Where(same => same.Count() > 1))
            throw new DatasetException(
                $"{file.FullName} lists two categories with the id {twice.Key}: '{CocoImage.Show(twice.First().Name)}' and "
                + $"'{CocoImage.Show(twice.Last().Name)}'. Give every category its own id.");
        categories.Sort((a, b) => a.Id.CompareTo(b.Id));
        var categoryIndex = categories.Select((category, index) => (category.Id, index)).ToDictionary(pair => pair.Id, pair => (short)pair.index);

        var imageIndex = new Dictionary<long, int>(images.Count);
        var kept = new List<CocoImage>(images.Count);
        foreach (var image in images)
        {
            if (imageIndex.TryAdd(image.Id, kept.Count))
                kept.Add(image);
            else
                problems.Add(ProblemSeverity.Error, "an image whose id another image has",
                    $"lists two images with the id {image.Id}: {kept[imageIndex[image.Id]].Shown} and {image.Shown}",
                    "Give every image its own id; annotations find their image by it.");
        }

        var ids = new HashSet<long>(annotations.Count);
        var owners = new int[annotations.Count];
        var starts = new int[kept.Count + 1];
        for (var i = 0; i < annotations.Count; i++)
        {
            var annotation = annotations[i].Annotation;
            owners[i] = -1;
            if (annotation.Id >= 0 && !ids.Add(annotation.Id))
                problems.Add(ProblemSeverity.Warning, "an annotation whose id another annotation has",
                    $"lists the annotation {annotation.Id} more than once", "Both are drawn. Delete one if it is a copy.");
            if (!categoryIndex.ContainsKey(annotation.Category))
                problems.Add(ProblemSeverity.Error, "an annotation of a category that the file does not list",
                    $"has an annotation ({annotation.Id}) of the category {annotation.Category}, which it does not list",
                    "Add the category, or delete the annotation.");
            else if (!imageIndex.TryGetValue(annotation.Image, out var owner))
                problems.Add(ProblemSeverity.Warning, "an annotation of an image that the file does not list",
                    $"has an annotation ({annotation.Id}) of the image {annotation.Image}, which it does not list",
                    "It is skipped. Add the image, or delete the annotation.");
            else
            {
                owners[i] = owner;
                starts[owner + 1]++;
            }
        }
        for (var i = 0; i < kept.Count; i++)
            starts[i + 1] += starts[i];
        var places = new CocoPlace[starts[^1]];
        var next = starts.ToArray();
        for (var i = 0; i < annotations.Count; i++)
            if (owners[i] is >= 0 and var owner)
            {
                var (annotation, offset, length) = annotations[i];
                places[next[owner]++] =
                    new(offset, length, categoryIndex[annotation.Category], annotation.IsCrowd, annotation.HasOutline, annotation.Area);
            }
        return new(file, categories, kept, places, starts, problems.Problems);
    }
}
