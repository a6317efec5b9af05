using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Datasets.Captions;

/// <summary>Reads the two formats of <see cref="CaptionCorpus.Open"/>.</summary>
internal sealed class CaptionList
{
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
    /// <exception cref="DatasetException">The file cannot be read, or an entry is no pair of an image that is there and a caption: names the line.</exception>
    public static IReadOnlyList<CaptionedImage> Read(string list, Func<string, string?> refuse, int most = int.MaxValue)
    {
        try
        {
            var reader = new CaptionList(list, refuse);
            return IsJson(list) ? [.. reader.ReadJson().Take(most)]
                : Path.GetExtension(list).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? [.. reader.ReadTsv().Take(most)]
                : throw new DatasetException($"{list}: '{Path.GetExtension(list)}' is neither .tsv nor .json. Give a list of images and captions in one of these formats.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{list} cannot be read: {error.Message} Restore the file, or its permissions.", error);
        }
    }

    private IEnumerable<CaptionedImage> ReadTsv()
    {
        var number = 0;
        foreach (var line in File.ReadLines(_list))
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
            entries = JsonSerializer.Deserialize<List<Entry?>>(File.ReadAllText(_list), RunJson.Line) ?? [];
        }
        catch (JsonException error)
        {
            throw new DatasetException($"{_list}: line {error.LineNumber + 1} ({error.Path}) is no entry of a JSON list of {{\"image\": ..., \"caption\": ...}}.", error);
        }
        return entries.Select((entry, i) => Pair($"entry {i + 1}", entry?.Image ?? "", entry?.Caption ?? ""));
    }

    private CaptionedImage Pair(string place, string image, string caption)
    {
        if (image.Length == 0)
            throw new DatasetException($"{_list}: {place} names no image.");
        if (caption.Length == 0)
            throw new DatasetException($"{_list}: {place} has no caption for {image}. Write one, or delete the entry.");
        return new(Path.IsPathRooted(image) ? Elsewhere(place, Path.GetFullPath(image)) : Beside(place, image), caption);
    }

    private string Beside(string place, string image)
    {
        var path = Path.GetFullPath(Path.Combine(_folder, image));
        if (!path.StartsWith(Path.TrimEndingDirectorySeparator(_folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new DatasetException($"{_list}: {place} names {image}, which leads out of {_folder}. Put the images there, link their folder there, or write their absolute paths.");
        string[] candidates = [Path.GetFullPath(Path.Combine(_folder, "images", image)), path];
        return candidates.FirstOrDefault(File.Exists) ?? throw new DatasetException($"{_list}: {place} names {image}, which is neither in {_folder} nor in its folder images. Restore the image, or delete the entry.");
    }

    private string Elsewhere(string place, string image)
    {
        var folder = Path.GetDirectoryName(image) ?? image;
        if (!_refused.TryGetValue(folder, out var reason))
            _refused[folder] = reason = _refuse(folder);
        return reason is not null ? throw new DatasetException($"{_list}: {place} names {image}: {reason}")
            : File.Exists(image) ? image
            : throw new DatasetException($"{_list}: {place} names {image}, which is not there. Restore the image, or delete the entry.");
    }

    private sealed record Entry(string? Image, string? Caption);
}
