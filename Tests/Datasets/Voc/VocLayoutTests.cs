using System.Text;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Voc;

/// <summary>Folders in VOC layout as people and tools make them.</summary>
public sealed class VocLayoutTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public VocLayoutTests()
    {
        foreach (var id in (string[])["q0", "q1", "my cat", "photo (3)", "IMG 01", "2007_000032"])
            SmallVoc.Add(_temp, id, ["cat"], [1]);
        _temp.Write("dataset.json", """{ "name": "pets", "classes": ["cat", "dog", "bird"] }""");
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("q0.jpg", "q0", "q0")]
    [InlineData("q0.PNG", "q0", "q0")]
    [InlineData("my cat", "my cat", "my cat")]
    [InlineData("photo (3).jpg", "photo (3)", "photo (3)")]
    [InlineData("IMG 01", "IMG 01", "IMG 01")]
    [InlineData("2007000032", "2007_000032", "2007_000032")]
    [InlineData("/JPEGImages/my cat.jpg /SegmentationClass/IMG 01.png", "my cat", "IMG 01")]
    [InlineData("JPEGImages/q0.jpg SegmentationClass/q1.png", "q0", "q1")]
    [InlineData("JPEGImages/my cat.jpg\tSegmentationClass/my cat.png", "my cat", "my cat")]
    [InlineData("/home/somebody/VOC/JPEGImages/q0.jpg /home/somebody/VOC/SegmentationClass/q1.png", "q0", "q1")]
    [InlineData("/home/some body/JPEGImages/q0.jpg", "q0", "q0")]
    [InlineData("JPEGImages\\q0.jpg", "q0", "q0")]
    [InlineData("q0.jpg q1.png", "q0", "q1")]
    public void Samples_OfALine_AreTheImageAndMaskItMeans(string line, string image, string mask)
    {
        SmallVoc.List(_temp, "train", "# made by hand", "", line + "\r");
        var sample = Assert.Single(Open().Samples("train"));
        Assert.Equal((image, _temp.File("JPEGImages", image + ".jpg"), _temp.File("SegmentationClass", mask + ".png")),
            (sample.Id, sample.ImagePath, sample.MaskPath));
        Assert.Equal([0], sample.Tags);
    }

    [Fact]
    public void Samples_OfTheFoldersOwnAbsolutePaths_AreFound()
    {
        SmallVoc.List(_temp, "train", $"{_temp.File("JPEGImages/q0.jpg")} {_temp.File("SegmentationClass/q1.png")}");
        Assert.Equal(_temp.File("SegmentationClass/q1.png"), Assert.Single(Open().Samples("train")).MaskPath);
    }

    [Theory]
    [InlineData("q0 0 2|my cat 1|IMG 01")]
    [InlineData("q0.jpg 0 2|my cat.jpg 1|IMG 01.jpg")]
    [InlineData("q0 1 0 1|my cat 0 1 0|IMG 01 0 0 0")]
    [InlineData("/JPEGImages/q0.jpg /SegmentationClass/q0.png 0 2|my cat\t1|IMG 01")]
    public void Samples_OfClassesBehindNames_HaveThem(string lines)
    {
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        SmallVoc.List(_temp, "train", lines.Split('|'));
        Assert.Equal([("q0", "0 2"), ("my cat", "1"), ("IMG 01", "")],
            Open().Samples("train").Select(sample => (sample.Id, string.Join(' ', sample.Tags))));
    }

    [Theory]
    [InlineData("q0 0 0", "line 1 gives q0 a class twice")]
    [InlineData("q0 cat", "line 1 ('q0 cat') is not a list entry")]
    [InlineData("q0 -1", "is not a list entry")]
    [InlineData("q0.jpg q1.png my cat.png", "is not a list entry")]
    public void Samples_OfALineThatMayMeanTwoThings_AreRefused(string line, string expected)
    {
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        SmallVoc.List(_temp, "train", line, "q1 1 2");
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => Open().Samples("train")).Message);
    }

    [Fact]
    public void Samples_OfNumbersThatMayBeClassesOrFlags_AreRefused()
    {
        _temp.Write("dataset.json", """{ "name": "pets", "classes": ["cat", "dog"] }""");
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        SmallVoc.List(_temp, "train", "q0 0 1", "q1 1 0");
        Assert.Contains("may be classes, or a 0 or 1 for every class", Assert.Throws<DatasetException>(() => Open().Samples("train")).Message);
        SmallVoc.List(_temp, "train", "q0 0 1", "q1 1 1");
        Assert.Equal([[1], [0, 1]], Open().Samples("train").Select(sample => sample.Tags));
    }

    [Fact]
    public void Check_OfAListThatIsNoText_NamesIt()
    {
        SmallVoc.List(_temp, "train", "q0");
        File.WriteAllBytes(_temp.File("ImageSets/Segmentation/other.txt"), [0, 5, 0x16, 7]);
        var report = DatasetCheck.Run(_temp.Path);
        Assert.Contains($"{_temp.File("ImageSets/Segmentation/other.txt")}: line 1 has a NUL character",
            Assert.Single(report.Problems, problem => problem.Severity == ProblemSeverity.Error).Remedy);
        Assert.Equal(1, report.Splits.Single(split => split.Split == "train").Images);
    }

    [Theory]
    [InlineData("gb2312", "gb2312", "猫")]
    [InlineData("windows-1252", "windows-1252", "café")]
    [InlineData("shift_jis", "shift_jis", "ネコ")]
    [InlineData("utf-16", "utf-16", "猫")]
    [InlineData("utf-16", "utf-8", "猫")]
    public void Samples_OfAnnotationsInAnyEncoding_AreRead(string declared, string stored, string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        _temp.Write("dataset.json", $$"""{ "name": "pets", "classes": ["cat", "{{name}}"] }""");
        File.WriteAllText(_temp.File("Annotations/q0.xml"), $"<?xml version=\"1.0\" encoding=\"{declared}\"?>{SmallVoc.Annotation(name)}",
            Encoding.GetEncoding(stored));
        SmallVoc.List(_temp, "train", "q0");
        Assert.Equal([1], Assert.Single(Open().Samples("train")).Tags);
    }

    [Theory]
    [InlineData("encoding=\"klingon\"")]
    [InlineData("encoding=\"utf-8\"")]
    public void Samples_OfAnnotationsInNoEncoding_NameTheFile(string declaration)
    {
        File.WriteAllBytes(_temp.File("Annotations/q0.xml"),
            Encoding.Latin1.GetBytes($"<?xml version=\"1.0\" {declaration}?>{SmallVoc.Annotation("café")}"));
        SmallVoc.List(_temp, "train", "q0");
        Assert.StartsWith(_temp.File("Annotations/q0.xml"), Assert.Throws<DatasetException>(() => Open().Samples("train")).Message);
    }

    [Fact]
    public void Open_OfLabelmesFolders_TakesMasksAndClassesFromThem()
    {
        Directory.Move(_temp.File("SegmentationClass"), _temp.File("SegmentationClassPNG"));
        Directory.CreateDirectory(_temp.File("SegmentationClass"));
        File.WriteAllBytes(_temp.File("SegmentationClass/q0.npy"), [1]);
        File.Delete(_temp.File("dataset.json"));
        _temp.Write("class_names.txt", "_background_\ncat\ndog\n");
        SmallVoc.List(_temp, "train", "q0");
        Assert.Equal(["cat", "dog"], Open().Classes.Names);
        Assert.Equal(_temp.File("SegmentationClassPNG/q0.png"), Open().Samples("train")[0].MaskPath);
        Assert.Contains(Open().Notes, note => note.Contains("SegmentationClassPNG"));
    }

    [Fact]
    public void Check_OfMasksThatAreArrays_SaysSo()
    {
        Directory.Delete(_temp.File("SegmentationClass"), recursive: true);
        _temp.Write("SegmentationClass/q0.npy", "x");
        SmallVoc.List(_temp, "train", "q0");
        Assert.Equal("has 1 files, and none is the mask of an image of the split train",
            Assert.Single(DatasetCheck.Run(_temp.Path).Problems, problem => problem.File == _temp.File("SegmentationClass")).Message);
    }

    [Fact]
    public void Open_OfCvatsExport_TakesClassesFromItsLabelMap()
    {
        File.Delete(_temp.File("dataset.json"));
        _temp.Write("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:128,0,0::\nhot dog:0,128,0::\n");
        SmallVoc.List(_temp, "default", "q0");
        Assert.Equal(["cat", "hot dog"], Open().Classes.Names);
        Assert.Equal([0], Open().Samples("default")[0].Tags);
    }

    [Theory]
    [InlineData("VOC2007", "VOC 2007")]
    [InlineData("VOC2012", "VOC 2012")]
    [InlineData("JPEGImages", "mine")]
    [InlineData("V", "mine")]
    public void Name_OfAFolder_FollowsItsAnnotations(string folder, string expected)
    {
        var root = Classic("mine", folder);
        Assert.Equal(expected, VocFolder.Open(root).Name);
    }

    [Theory]
    [InlineData("VOC2007", "VOC 2007")]
    [InlineData("voc_2012", "VOC 2012")]
    [InlineData("photos", "photos")]
    public void Name_OfAFolderWhoseAnnotationsSayNothing_FollowsItsOwn(string folder, string expected) =>
        Assert.Equal(expected, VocFolder.Open(Classic(folder, null)).Name);

    [Fact]
    public void Name_OfAFolderWithVocsLists_FollowsThem()
    {
        var root = Classic("photos", null);
        File.WriteAllLines(Path.Combine(root, "ImageSets/Segmentation/val.txt"), Enumerable.Range(0, 1449).Select(number => $"2007_{number:000000}"));
        Assert.Equal("VOC 2012", VocFolder.Open(root).Name);
        File.WriteAllLines(Path.Combine(root, "ImageSets/Segmentation/val.txt"), Enumerable.Range(0, 213).Select(number => $"{number:000000}"));
        Assert.Equal("VOC 2007", VocFolder.Open(root).Name);
    }

    [Fact]
    public void Name_OfADescription_IsOneShortLine()
    {
        _temp.Write("dataset.json", $$"""{ "name": " My \n pets \u0007{{new string('!', 5000)}}", "classes": ["cat"] }""");
        SmallVoc.List(_temp, "train", "q0");
        Assert.StartsWith("My pets !!!", Open().Name);
        Assert.Equal(100, Open().Name.Length);
    }

    /// <summary>A folder without a description, with an image of a cat.</summary>
    private string Classic(string name, string? annotated)
    {
        using var made = new TempFolder();
        SmallVoc.Add(made, "q0", ["cat"]);
        if (annotated is not null)
            made.Write("Annotations/q0.xml", SmallVoc.Annotation("cat").Replace("<annotation>", $"<annotation><folder>{annotated}</folder>"));
        SmallVoc.List(made, "train", "q0");
        var root = _temp.File(name);
        Directory.Move(made.Path, root);
        Directory.CreateDirectory(made.Path);
        return root;
    }

    private VocFolder Open() => VocFolder.Open(_temp.Path);
}
