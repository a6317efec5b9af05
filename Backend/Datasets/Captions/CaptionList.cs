using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Datasets.Captions;

/// <summary>Reads the two formats of <see cref="CaptionCorpus.Open"/>.</summary>
internal static class CaptionList
{
    /// <exception cref="DatasetException">The file cannot be read, or an entry is no pair of an image that is there and a caption: names the line.</exception>
    public static IReadOnlyList<CaptionedImage> Read(string list)
    {
        try
        {
            return Path.GetExtension(list).ToLowerInvariant() switch
            {
                ".tsv" => [.. ReadTsv(list)],
                ".json" => [.. ReadJson(list)],
                var other => throw new DatasetException($"{list}: '{other}' is neither .tsv nor .json. Give a list of images and captions in one of these formats."),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{list} cannot be read: {error.Message} Restore the file, or its permissions.", error);
        }
    }

    private static IEnumerable<CaptionedImage> ReadTsv(string list)
    {
        var number = 0;
        foreach (var line in File.ReadLines(list))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var cells = line.Split('\t', 2, StringSplitOptions.TrimEntries);
            if (cells.Length < 2)
                throw new DatasetException($"{list}: line {number} has no tab. Write image, tab, caption.");
            yield return Pair(list, $"line {number}", cells[0], cells[1]);
        }
    }

    private static IEnumerable<CaptionedImage> ReadJson(string list)
    {
        List<Entry?> entries;
        try
        {
            entries = JsonSerializer.Deserialize<List<Entry?>>(File.ReadAllText(list), RunJson.Line) ?? [];
        }
        catch (JsonException error)
        {
            throw new DatasetException($"{list}: line {error.LineNumber + 1} ({error.Path}) is no entry of a JSON list of {{\"image\": ..., \"caption\": ...}}.", error);
        }
        return entries.Select((entry, i) => Pair(list, $"entry {i + 1}", entry?.Image ?? "", entry?.Caption ?? ""));
    }

    private static CaptionedImage Pair(string list, string place, string image, string caption)
    {
        if (image.Length == 0)
            throw new DatasetException($"{list}: {place} names no image.");
        if (caption.Length == 0)
            throw new DatasetException($"{list}: {place} has no caption for {image}. Write one, or delete the entry.");
        var folder = Path.GetDirectoryName(list)!;
        string[] candidates = [Path.Combine(folder, "images", image), Path.Combine(folder, image)];
        return new(candidates.FirstOrDefault(File.Exists) ?? throw new DatasetException($"{list}: {place} names {image}, which is neither in {folder} nor in its folder images. Restore the image, or delete the entry."), caption);
    }

    private sealed record Entry(string? Image, string? Caption);
}
