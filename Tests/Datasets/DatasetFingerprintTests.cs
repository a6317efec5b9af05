using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets;

public sealed class DatasetFingerprintTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Of_TwoFoldersOfOneName_DiffersUnlessTheyHoldTheSame()
    {
        var first = Of(Make("one/pets", width: 12));
        Assert.Matches("^[0-9a-f]{8}$", first);
        Assert.Equal(first, Of(Make("copy/pets", width: 12)));
        Assert.NotEqual(first, Of(Make("two/pets", width: 16)));
        Assert.NotEqual(first, Of(Make("three/pets", width: 12, classes: "\"dog\", \"cat\"")));
        Assert.NotEqual(first, Of(Make("four/pets", width: 12, masks: false)));
    }

    /// <summary>Their names and settings say all: every lab has the same images.</summary>
    [Fact]
    public void Of_AGeneratedWorldAndWholeVoc_IsNone()
    {
        Assert.Null(DatasetFingerprint.Of(CooccurrenceWorld.Make(_temp.File("world"), train: 2, val: 1, size: 32), "val"));
        var voc = Make("VOC2007", width: 12, classes: null);
        Assert.NotNull(Of(voc));
        foreach (var number in Enumerable.Range(0, 209))
            File.WriteAllText(Path.Combine(voc, $"Annotations/{number:000000}.xml"), SmallVoc.Annotation("cat"));
        File.WriteAllLines(Path.Combine(voc, "ImageSets/Segmentation/train.txt"), Enumerable.Range(0, 209).Select(number => $"{number:000000}"));
        Assert.Null(Of(voc));
    }

    private static string? Of(string root) => DatasetFingerprint.Of(DatasetCatalog.OpenFolder(root), "train");

    private string Make(string name, int width, string? classes = "\"cat\", \"dog\"", bool masks = true)
    {
        using var made = new TempFolder();
        SmallVoc.Add(made, "a", ["cat"], masks ? [1] : null, width);
        SmallVoc.List(made, "train", "a");
        if (classes is not null)
            made.Write("dataset.json", $$"""{ "name": "pets", "classes": [{{classes}}] }""");
        var root = _temp.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(root)!);
        Directory.Move(made.Path, root);
        Directory.CreateDirectory(made.Path);
        return root;
    }
}
