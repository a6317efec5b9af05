using System.Text.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Coco;

/// <summary>Writes small data sets with COCO's annotations, element by element.</summary>
internal sealed class SmallCoco
{
    public const int Width = 12;
    public const int Height = 8;

    public JsonArray Images { get; } = [];
    public JsonArray Annotations { get; } = [];
    public JsonArray Categories { get; } = [];

    /// <summary>Two classes whose ids have a gap, as COCO's.</summary>
    public static SmallCoco CatsAndDogs() => new SmallCoco().Category(17, "cat", "animal").Category(3, "dog", "animal");

    public SmallCoco Category(int id, string name, string? parent = null)
    {
        Categories.Add(new JsonObject { ["id"] = id, ["name"] = name, ["supercategory"] = parent });
        return this;
    }

    public SmallCoco Image(int id, string file, int width = Width, int height = Height)
    {
        Images.Add(new JsonObject { ["id"] = id, ["file_name"] = file, ["width"] = width, ["height"] = height });
        return this;
    }

    /// <param name="segmentation">JSON.</param>
    public SmallCoco Annotation(int image, int category, string segmentation, double? area = null, bool crowd = false)
    {
        var annotation = new JsonObject
        {
            ["id"] = Annotations.Count + 1,
            ["image_id"] = image,
            ["category_id"] = category,
            ["segmentation"] = JsonNode.Parse(segmentation),
            ["bbox"] = new JsonArray(0, 0, 1, 1),
            ["iscrowd"] = crowd ? 1 : 0,
        };
        if (area is not null)
            annotation["area"] = area;
        Annotations.Add(annotation);
        return this;
    }

    /// <summary>The pixels from x, y on.</summary>
    public static string Box(int x, int y, int width, int height) => $"[[{x},{y},{x + width},{y},{x + width},{y + height},{x},{y + height}]]";

    /// <summary>The file in the order of COCO's own, where the categories come last.</summary>
    public string Json => new JsonObject
    {
        ["info"] = new JsonObject { ["description"] = "a small one",
            ["nested"] = new JsonArray(1, new JsonArray("images"), new JsonObject { ["images"] = 2 }) },
        ["images"] = Images.DeepClone(),
        ["annotations"] = Annotations.DeepClone(),
        ["categories"] = Categories.DeepClone(),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    /// <summary>Writes the annotations, and every image that they list.</summary>
    public string Write(TempFolder folder, string annotations, string images)
    {
        foreach (var image in Images)
            AddImage(folder, Path.Combine(images, (string)image!["file_name"]!));
        return folder.Write(annotations, Json);
    }

    public static void AddImage(TempFolder folder, string path, int width = Width, int height = Height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        ImageFile.WriteJpeg(folder.File(path), SmallVoc.Picture(path, width, height), 95);
    }
}
