using System.Text.RegularExpressions;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs.Database;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>One line of an image list.</summary>
/// <param name="Image">Path of the image, where the list says so and it is not found by its identifier.</param>
/// <param name="Mask">Path of the mask, where the list says so.</param>
/// <param name="Classes">0-based classes, where the list says so.</param>
internal sealed record VocListEntry(string Id, string? Image = null, string? Mask = null, IReadOnlyList<int>? Classes = null);

/// <summary>
/// Reads the list formats that are in use: one identifier a line (<c>2007_000032</c>), or file name; the same as integers (<c>2007000032</c>, as the
/// code of IRN and CLIMS); two columns <c>/JPEGImages/ID.jpg /SegmentationClassAug/ID.png</c>, the second absent for test (PSA, DeepLab); either with
/// 0-based classes behind (<c>2007_000032 0 14</c>: OAA, NSROM) or with a 0 or 1 for every class. A line that is the name of an image is that image,
/// spaces and all.
/// </summary>
internal sealed partial class VocList
{
    private const int IntegerIdLength = 10;

    /// <summary>Characters: two paths, the longest that a system takes, and a flag for every class.</summary>
    private const int LongestLine = 10_000;

    /// <summary>Words that a name in front of other columns may have.</summary>
    private const int MostWords = 32;

    private readonly FileIndex _images;
    private readonly string _root;
    private readonly int _classes;

    private VocList(string root, FileIndex images, int classes) => (_root, _images, _classes) = (root, images, classes);

    /// <param name="root">The data set's folder.</param>
    /// <param name="classes">Their number; 0 where the tags come from elsewhere, and those of the list are not looked at.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<VocListEntry> Read(string path, string root, FileIndex images, int classes, Action<DatasetProblem> report)
    {
        var list = new VocList(root, images, classes);
        var entries = new List<(VocListEntry Entry, int Number)>();
        var number = 0;
        foreach (var line in BoundedText.Lines(path, "a list of images"))
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0 || (text[0] == '#' && list.IdOf(text) is null))
                continue;
            if (text.Length <= LongestLine && list.Parse(text) is { } entry)
                entries.Add((entry, number));
            else
                report(DatasetProblem.Error(path, $"line {number} ('{NameList.Shorten(line)}') is not a list entry",
                    "Write ID, or IMAGE MASK, or ID CLASS CLASS ... with 0-based class numbers."));
        }
        return classes > 0 ? list.WithClasses(entries, path, report) : [.. entries.Select(entry => entry.Entry)];
    }

    private VocListEntry? Parse(string text)
    {
        if (IdOf(text) is { } whole)
            return new(whole, Outside(text));
        var columns = (text.Contains('\t') ? Cells() : Words()).Matches(text);
        // The longest beginning that is an image.
        for (var count = Math.Min(columns.Count - 1, MostWords); count >= 1; count--)
        {
            var name = text[..(columns[count - 1].Index + columns[count - 1].Length)].Trim();
            if (IdOf(name) is { } id && Rest(new(id, Outside(name)), text[columns[count].Index..].Trim()) is { } entry)
                return entry;
        }
        // No such image: the check tells, by the name it looked for.
        var first = columns[0].Value.Trim();
        var stem = ImageExtensions.Stem(first);
        var missing = stem.Length == IntegerIdLength && stem.All(char.IsAsciiDigit) ? $"{stem[..4]}_{stem[4..]}" : stem;
        var outside = first.Contains('/') ? first : null;
        return columns.Count == 1 ? new(missing, outside) : Rest(new(missing, outside), text[columns[1].Index..].Trim());
    }

    /// <summary>What stands behind the image: a mask, classes, or both.</summary>
    private static VocListEntry? Rest(VocListEntry image, string rest)
    {
        if (Numbers(rest) is { } classes)
            return image with { Classes = classes };
        if (ImageExtensions.IsImage(rest))
            return IsOne(rest) ? image with { Mask = rest } : null;
        // A mask, then classes.
        var words = Words().Matches(rest);
        if (words.Count == 1)
            return rest.Contains('/') ? image with { Mask = rest } : null;
        return (words[0].Value.Contains('/') || ImageExtensions.IsImage(words[0].Value)) && Numbers(rest[words[1].Index..]) is { } behind
            ? image with { Mask = words[0].Value, Classes = behind }
            : null;
    }

    /// <summary>One path with spaces, not several paths.</summary>
    private static bool IsOne(string path) =>
        !path.Contains(" /") && !Words().Matches(path).SkipLast(1).Any(word => ImageExtensions.IsImage(word.Value));

    private static IReadOnlyList<int>? Numbers(string text)
    {
        var numbers = new List<int>();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, out var number) || number < 0)
                return null;
            numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>Class numbers, or a 0 or 1 for every class: the list as a whole tells.</summary>
    private IReadOnlyList<VocListEntry> WithClasses(IReadOnlyList<(VocListEntry Entry, int Number)> entries, string path,
        Action<DatasetProblem> report)
    {
        var given = entries.Where(entry => entry.Entry.Classes is not null).ToList();
        var mayBeFlags = given.Count > 0 && given.All(entry =>
            entry.Entry.Classes is { } numbers && numbers.Count == _classes && numbers.All(number => number <= 1));
        var areNumbers = given.All(entry => entry.Entry.Classes!.Distinct().Count() == entry.Entry.Classes!.Count);
        if (mayBeFlags && areNumbers && _classes > 1)
            report(DatasetProblem.Error(path, "has numbers behind its names that may be classes, or a 0 or 1 for every class",
                "Put VOC's Annotations/ there, or write the classes of one image alone on a line."));
        if (mayBeFlags && !areNumbers)
            return [
                .. entries.Select(entry =>
                    entry.Entry with {
                        Classes = entry.Entry.Classes is { } flags ? [.. Enumerable.Range(0, flags.Count).Where(k => flags[k] == 1)] : null })];
        foreach (var (entry, number) in given.Where(entry => entry.Entry.Classes!.Distinct().Count() < entry.Entry.Classes!.Count))
            report(DatasetProblem.Error(path, $"line {number} gives {entry.Id} a class twice",
                "Write 0-based class numbers, each once, or a 0 or 1 for every class on all lines."));
        return [.. entries.Select(entry => entry.Entry)];
    }

    /// <summary>The identifier of the image that a name or path means; null where it is none.</summary>
    private string? IdOf(string name)
    {
        name = name.Replace('\\', '/');
        if (name.LastIndexOf('/') is var slash && slash < 0)
            return _images.IdOf(name) ?? (IsIntegerId(name) ? _images.IdOf($"{name[..4]}_{name[4..]}") : null);
        if (Outside(name) is not null)
            return ImageExtensions.Stem(name);
        // A path of another machine, or of another folder: its last part says which image. Several columns are not a path.
        var folder = name[..slash];
        return folder.Any(char.IsWhiteSpace) && !folder.EndsWith("/JPEGImages", StringComparison.Ordinal) && folder != "JPEGImages" ? null
            : folder.Split('/').Contains("..") ? null
            : _images.IdOf(name[(slash + 1)..]);
    }

    /// <summary>The path of an image that the list gives and that is there; null for one that is found by its identifier.</summary>
    private string? Outside(string name) =>
        name.Contains('/') && !name.Contains("..") && File.Exists(Path.Combine(_root, name.TrimStart('/'))) ? name : null;

    private static bool IsIntegerId(string name) => name.Length == IntegerIdLength && name.All(char.IsAsciiDigit);

    [GeneratedRegex(@"\S+")]
    private static partial Regex Words();

    [GeneratedRegex(@"[^\t]+")]
    private static partial Regex Cells();
}
