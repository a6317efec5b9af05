using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Datasets.Captions;

/// <summary>Reads the two formats of <see cref="CaptionCorpus.Open"/>.</summary>
internal sealed class CaptionList
{
    private const string What = "a list of images and captions";

    /// <summary>What is longer belongs in a .tsv, which is read line by line.</summary>
    private const long MostJsonBytes = 512L << 20;

    /// <summary>In characters: the kernel takes no longer path.</summary>
    private const int LongestName = 4096;

    private readonly string _list;
    private readonly string _folder;
    private readonly Func<string, string?> _refuse;

    /// <summary>Reasons by folder: a list names the same few folders again and again.</summary>
    private readonly Dictionary<string, string?> _refused = new(StringComparer.Ordinal);

    private CaptionList(string list, Func<string, string?> refuse) => (_list, _folder, _refuse) = (list, Path.GetDirectoryName(list)!, refuse);

    public static bool IsJson(string list) => Path.GetExtension(list).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <param name="list">Absolute.</param>
    /// <param name="refuse">Why an absolute path must not be read; null where it may.</param>
    /// <param name="most">Pairs that are read.</param>
    /// <exception cref="DatasetException">
    /// The file cannot be read, or an entry is not a pair of an image that is there and a caption: names the line.
    /// </exception>
    public static IReadOnlyList<CaptionedImage> Read(string list, Func<string, string?> refuse, int most = int.MaxValue)
    {
        try
        {
            var reader = new CaptionList(list, refuse);
            return IsJson(list) ? [.. reader.ReadJson().Take(most)]
                : Path.GetExtension(list).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? [.. reader.ReadTsv().Take(most)]
                : throw new DatasetException(
                    $"{list}: '{Path.GetExtension(list)}' is neither .tsv nor .json. Give a list of images and captions in one of these formats.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, list, "Restore the file, or its permissions.");
        }
    }

    private IEnumerable<CaptionedImage> ReadTsv()
    {
        var number = 0;
        // Lists of tens of millions of pairs are common: what is long is each line, or the list is none.
        foreach (var line in BoundedText.Lines(_list, What, most: long.MaxValue, mostLines: int.MaxValue))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var cells = line.Split('\t', 2, StringSplitOptions.TrimEntries);
            if (cells.Length < 2)
                throw new DatasetException($"{_list}: line {number} has no tab. Write image, tab, caption.");
            yield return Pair($"line {number}", cells[0], cells[1]);
        }
    }

    private IEnumerable<CaptionedImage> ReadJson()
    {
        List<Entry?> entries;
        try
        {
            entries = BoundedText.Json<List<Entry?>>(_list, $"{What} in JSON", RunJson.Line, MostJsonBytes) ?? [];
        }
        catch (JsonException error)
        {
            throw new DatasetException(
                $"{_list}: line {error.LineNumber + 1} ({error.Path}) is not an entry of a JSON list of {{\"image\": ..., \"caption\": ...}}.",
                error);
        }
        return entries.Select((entry, i) => Pair($"entry {i + 1}", entry?.Image ?? "", entry?.Caption ?? ""));
    }

    private CaptionedImage Pair(string place, string image, string caption)
    {
        if (image.Length == 0)
            throw new DatasetException($"{_list}: {place} names no image.");
        if (image.Contains('\0'))
            throw new DatasetException($"{_list}: {place} names an image with a NUL character in it. Give a list in text: image and caption.");
        if (image.Length > LongestName)
            throw new DatasetException($"{_list}: {place} names an image by {image.Length:N0} characters, more than a path may have. Shorten the name, or delete the entry.");
        if (caption.Length == 0)
            throw new DatasetException($"{_list}: {place} has no caption for {image}. Write one, or delete the entry.");
        return new(Find(place, image), caption);
    }

    /// <returns>Absolute.</returns>
    private string Find(string place, string image)
    {
        var (path, isAbsolute) = (Path.GetFullPath(image, _folder), Path.IsPathRooted(image));
        var isBeside = path.StartsWith(_folder.TrimEnd('/') + "/", StringComparison.Ordinal);
        if (!isBeside && !isAbsolute)
            throw new DatasetException(
                $"{_list}: {place} names {image}, which leads out of {_folder}. Put the images there, link their folder there, or write their "
                + "absolute paths.");
        if (!isBeside && Refused(path) is { } reason)
            throw new DatasetException($"{_list}: {place} names {image}: {reason}");
        string[] candidates = isAbsolute ? [path] : [Path.GetFullPath(Path.Combine("images", image), _folder), path];
        return candidates.FirstOrDefault(File.Exists) ?? throw new DatasetException(
            $"{_list}: {place} names {image}, which is {(isAbsolute ? "not there" : $"neither in {_folder} nor in its folder images")}. Restore "
            + "the image, or delete the entry.");
    }

    /// <summary>A link is held to where it leads. Other files are where their folder is: a list names the same few again and again.</summary>
    private string? Refused(string image)
    {
        try
        {
            if (new FileInfo(image).LinkTarget is not null)
                return _refuse(image);
            var folder = Path.GetDirectoryName(image) ?? image;
            return _refused.TryGetValue(folder, out var known) ? known : _refused[folder] = _refuse(folder);
        }
        catch (IOException error)
        {
            // Links that go round in a circle.
            return error.Message;
        }
    }

    private sealed record Entry(string? Image, string? Caption);
}
