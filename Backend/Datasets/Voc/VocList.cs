namespace Dashboard.Backend.Datasets.Voc;

/// <summary>One line of an image list.</summary>
/// <param name="Image">Path of the image relative to the root, where the list says so.</param>
/// <param name="Mask">Path of the mask relative to the root, where the list says so.</param>
/// <param name="Classes">0-based classes, where the list says so.</param>
internal sealed record VocListEntry(string Id, string? Image = null, string? Mask = null, IReadOnlyList<int>? Classes = null);

/// <summary>
/// Reads the list formats that are in use: one identifier a line (<c>2007_000032</c>); the same as integers (<c>2007000032</c>, as the code of IRN and CLIMS);
/// two columns <c>/JPEGImages/ID.jpg /SegmentationClassAug/ID.png</c>, the second absent for test (PSA, DeepLab); identifier and 0-based classes
/// <c>2007_000032 0 14</c> (OAA, NSROM).
/// </summary>
internal static class VocList
{
    private const int IntegerIdLength = 10;

    /// <param name="hasImage">Whether there is an image of this identifier: tells an integer identifier from a name of ten digits.</param>
    public static IReadOnlyList<VocListEntry> Read(string path, Func<string, bool> hasImage, Action<DatasetProblem> report)
    {
        var entries = new List<VocListEntry>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var columns = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length == 0)
                continue;
            if (Parse(columns, hasImage) is { } entry)
                entries.Add(entry);
            else
                report(DatasetProblem.Error(path, $"line {number} ('{Shorten(line)}') is no list entry",
                    "Write ID, or IMAGE MASK, or ID CLASS CLASS ... with 0-based class numbers."));
        }
        return entries;
    }

    private static VocListEntry? Parse(string[] columns, Func<string, bool> hasImage)
    {
        var first = columns[0];
        if (first.Contains('/') || IsImageName(first))
        {
            return columns.Length > 2
                ? null
                : new(Path.GetFileNameWithoutExtension(first), first.TrimStart('/'), columns.Length == 2 ? columns[1].TrimStart('/') : null);
        }
        var id = first.Length == IntegerIdLength && first.All(char.IsAsciiDigit) && !hasImage(first) ? $"{first[..4]}_{first[4..]}" : first;
        if (columns.Length == 1)
            return new(id);
        var classes = new List<int>();
        foreach (var column in columns.Skip(1))
        {
            if (!int.TryParse(column, out var value) || value < 0)
                return null;
            classes.Add(value);
        }
        return new(id, Classes: classes);
    }

    private static bool IsImageName(string name) => Path.GetExtension(name).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png";

    private static string Shorten(string line) => line.Length <= 60 ? line : line[..60] + "...";
}
