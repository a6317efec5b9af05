using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Coco;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Exchange;

/// <summary>
/// COCO's instances file for annotation tools: one annotation for every class of every image, its mask in run-length code (text, as pycocotools
/// writes it). COCO has no word for undecided pixels (255): they are in no mask, and their number stands in <c>info</c>.
/// </summary>
internal sealed class CocoContent(LabelSource labels) : IExportContent
{
    public string Description => $"{labels.Card.Content}: {labels.Images.Description}";

    public void Write(IExportFiles files, IProgress<WorkProgress>? progress, CancellationToken stop) =>
        files.Add("instances.json", isPacked: false, file => Write(file, progress, stop));

    private void Write(Stream file, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var (numbers, images, annotations, undecided) = (Numbers(), new List<Image>(), 0L, 0L);
        using var json = new Utf8JsonWriter(file, new() { Encoder = RunJson.Line.Encoder });
        json.WriteStartObject();
        json.WriteStartArray("annotations");
        foreach (var (sample, map) in labels.Read(stop))
        {
            var image = new Image(numbers[images.Count], Path.GetFileName(sample.ImagePath), map.Width, map.Height);
            images.Add(image);
            undecided += map.Labels.LongCount(label => label == LabelMap.Ignore);
            foreach (var label in map.Labels.Distinct().Where(label => label is not (LabelMap.Background or LabelMap.Ignore)).Order())
                Annotation(json, ++annotations, image.Id, label, map);
            // Else the whole file would stand in memory.
            json.Flush();
            progress?.Report(new("label maps", images.Count, labels.Images.Samples.Count));
        }
        json.WriteEndArray();
        json.WriteStartArray("images");
        foreach (var image in images)
        {
            json.WriteStartObject();
            json.WriteNumber("id", image.Id);
            json.WriteString("file_name", image.File);
            json.WriteNumber("width", image.Width);
            json.WriteNumber("height", image.Height);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("categories");
        foreach (var (label, name) in labels.Card.Labels.Index().Skip(1))
        {
            json.WriteStartObject();
            json.WriteNumber("id", label);
            json.WriteString("name", name);
            json.WriteString("supercategory", "object");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("licenses");
        json.WriteEndArray();
        json.WriteStartObject("info");
        json.WriteString("description", $"{labels.Card.Content} of the run {labels.Card.Run}");
        json.WriteNumber("undecided_pixels", undecided);
        json.WritePropertyName("card");
        json.WriteRawValue(labels.Card.ToJson());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Annotation(Utf8JsonWriter json, long number, long image, byte label, LabelMap map)
    {
        var (mask, box) = (Array.ConvertAll(map.Labels, value => value == label), Box(map, label));
        json.WriteStartObject();
        json.WriteNumber("id", number);
        json.WriteNumber("image_id", image);
        json.WriteNumber("category_id", label);
        json.WriteStartObject("segmentation");
        json.WriteStartArray("size");
        json.WriteNumberValue(map.Height);
        json.WriteNumberValue(map.Width);
        json.WriteEndArray();
        json.WriteString("counts", RunLengths.Format(RunLengths.Of(mask, map.Width, map.Height)));
        json.WriteEndObject();
        json.WriteNumber("area", mask.Count(inside => inside));
        json.WriteStartArray("bbox");
        foreach (var side in box)
            json.WriteNumberValue(side);
        json.WriteEndArray();
        json.WriteNumber("iscrowd", 0);
        json.WriteEndObject();
    }

    /// <summary>Left, top, width, height.</summary>
    private static int[] Box(LabelMap map, byte label)
    {
        var (left, top, right, bottom) = (map.Width, map.Height, -1, -1);
        for (var y = 0; y < map.Height; y++)
        {
            var row = map.Labels.AsSpan(y * map.Width, map.Width);
            if (row.IndexOf(label) is var first && first < 0)
                continue;
            (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOf(label)));
            (top, bottom) = (Math.Min(top, y), y);
        }
        return [left, top, right - left + 1, bottom - top + 1];
    }

    /// <summary>Those of COCO's own images, which are their identifiers; else counted.</summary>
    private IReadOnlyList<long> Numbers()
    {
        var ids = labels.Images.Samples.Select(sample =>
            long.TryParse(sample.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).ToList();
        return ids.All(id => id > 0) && ids.Distinct().Count() == ids.Count
            ? ids
            : [.. Enumerable.Range(1, ids.Count).Select(number => (long)number)];
    }

    private sealed record Image(long Id, string File, int Width, int Height);
}
