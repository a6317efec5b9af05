using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Datasets.Voc;

/// <summary>Writes small data sets in VOC layout, image by image.</summary>
internal static class SmallVoc
{
    /// <summary>An image whose pixels follow from its name, so that no two are equal.</summary>
    public static ImageBuffer Picture(string name, int width = 12, int height = 8)
    {
        var pixels = new byte[width * height * 3];
        new Random(name.Aggregate(17, (hash, letter) => hash * 31 + letter)).NextBytes(pixels);
        return new(width, height, 3, pixels);
    }

    /// <summary>Adds a JPEG, an annotation that names the objects, and a mask whose first pixels have the given labels.</summary>
    public static void Add(TempFolder folder, string id, string[] objects, byte[]? labels = null, int width = 12, int height = 8)
    {
        Directory.CreateDirectory(folder.File("JPEGImages"));
        ImageFile.WriteJpeg(folder.File("JPEGImages", id + ".jpg"), Picture(id, width, height), 95);
        folder.Write($"Annotations/{id}.xml", Annotation(objects));
        if (labels is not null)
            AddMask(folder, "SegmentationClass", id, labels, width, height);
    }

    public static void AddMask(TempFolder folder, string maskFolder, string id, byte[] labels, int width = 12, int height = 8)
    {
        Directory.CreateDirectory(folder.File(maskFolder));
        var map = new byte[width * height];
        labels.CopyTo(map, 0);
        ImageFile.WriteLabels(folder.File(maskFolder, id + ".png"), new LabelMap(width, height, map));
    }

    public static void List(TempFolder folder, string split, params string[] lines) =>
        folder.Write($"ImageSets/Segmentation/{split}.txt", string.Join("\n", lines) + "\n");

    public static string Annotation(params string[] objects) =>
        $"<annotation>{string.Concat(objects.Select(name => $"<object><name>{name}</name><part><name>head</name></part></object>"))}</annotation>";
}
