using System.Text.RegularExpressions;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>
/// Which year's PASCAL VOC a folder holds: its annotations say so, else the lengths of its lists, else its name. A folder that says nothing is not a
/// VOC.
/// </summary>
internal static partial class VocYear
{
    /// <summary>Images of the segmentation splits, as published.</summary>
    private static readonly (int Year, string Split, int Images)[] Lists =
    [
        (2012, "train", 1464), (2012, "val", 1449), (2012, "trainval", 2913), (2012, VocFolder.TrainAug, 10582), (2012, "test", 1456),
        (2007, "train", 209), (2007, "val", 213), (2007, "trainval", 422), (2007, "test", 210),
    ];

    /// <param name="lists">Path by split.</param>
    public static int? Of(string root, IReadOnlyDictionary<string, string> lists) =>
        lists.Values.Order(StringComparer.Ordinal)
            .Select(list => OfAnnotation(Path.Combine(root, "Annotations"), list))
            .FirstOrDefault(year => year is not null)
        ?? OfLists(lists)
        ?? Year(Path.GetFileName(root));

    /// <summary>Whether a split has as many images as the published one.</summary>
    public static bool IsWhole(int year, string split, int images) => Lists.Contains((year, split, images));

    /// <summary>Of the first image of a list.</summary>
    private static int? OfAnnotation(string folder, string list)
    {
        var line = Lines(list).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? "";
        return ((string[])[line, line.Split((char[]?)null)[0]])
            .Select(name => Path.Combine(folder, ImageExtensions.Stem(name) + ".xml"))
            .FirstOrDefault(File.Exists) is { } annotation
            ? Year(VocAnnotation.ReadFolder(annotation) ?? "")
            : null;
    }

    private static int? OfLists(IReadOnlyDictionary<string, string> lists)
    {
        foreach (var (_, split, images) in Lists)
        {
            if (lists.TryGetValue(split, out var list)
                && Lists.FirstOrDefault(known => known.Split == split && known.Images == Length(list)).Year is var year and > 0)
                return year;
        }
        return null;
    }

    private static int Length(string list) => Lines(list).Count(line => !string.IsNullOrWhiteSpace(line));

    /// <summary>None where the list cannot be read: reading the split tells.</summary>
    private static IEnumerable<string> Lines(string list)
    {
        using var lines = BoundedText.Lines(list, "a list of images").GetEnumerator();
        while (true)
        {
            try
            {
                if (!lines.MoveNext())
                    yield break;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                yield break;
            }
            yield return lines.Current;
        }
    }

    private static int? Year(string name) => Named().Match(name) is { Success: true } match ? int.Parse(match.Groups[1].Value) : null;

    [GeneratedRegex(@"^(?:PASCAL)?[ _-]?VOC[ _-]?(20\d\d)$", RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
