using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;
using Dashboard.Tests.Images;

namespace Dashboard.Tests.Datasets.Check;

/// <summary>What the check of a data set says about files that are read otherwise than their makers may think.</summary>
public sealed class ImageFindingsTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public ImageFindingsTests()
    {
        Directory.CreateDirectory(_temp.File("images"));
        Directory.CreateDirectory(_temp.File("masks"));
        _temp.Write("classes.txt", "cat\ndog\n");
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Check_ImagesWithAnOrientation_AreNamed()
    {
        foreach (var id in (string[])["a", "b"])
            File.WriteAllBytes(_temp.File("images", id + ".jpg"), Exif.Jpeg(ImageFile.EncodeJpeg(SmallVoc.Picture(id)), 3));
        Assert.Equal(["a.jpg", "b.jpg"], Names(Warning("EXIF orientation 3", "a,cat\nb,dog\n").Message));
    }

    [Fact]
    public void Check_DeepGrayImages_AreScaledAndSaid()
    {
        File.WriteAllBytes(_temp.File("images/a.png"), TestPng.Make(3, 1, 16, TestPng.Gray, [0, 0x1234, 0x80FF]));
        Assert.Contains("brightest level is 128", Warning("16-bit gray", "a,cat\n").Remedy, StringComparison.Ordinal);
        var image = ImageFolder.Open(_temp.Path).Samples("all")[0].ReadRgb();
        Assert.Equal([0, 0, 0, 0x12, 0x12, 0x12, 0x80, 0x80, 0x80], image.Pixels);
    }

    [Fact]
    public void Check_MasksInBlackAndWhite_AreAnErrorWhereThereAreNoOthers()
    {
        Image("a");
        Mask("a", [0, 255]);
        var problem = Find(ProblemSeverity.Error, "no labels but 0 and 255", "a,cat\nb,cat\n");
        Assert.Contains("write the number of its class", problem.Remedy, StringComparison.Ordinal);

        Image("b");
        Mask("b", [0, 1]);
        Assert.Equal(["a.png"], Names(Warning("no labels but 0 and 255", "a,cat\nb,cat\n").Message));
    }

    [Fact]
    public void Check_MasksThatAreNone_AreRefusedByName()
    {
        foreach (var id in (string[])["a", "b", "c"])
            Image(id);
        ImageFile.WriteJpeg(_temp.File("masks/a.jpg"), SmallVoc.Picture("a"));
        File.WriteAllBytes(_temp.File("masks/b.PNG"),
            TestPng.Make(12, 8, 8, TestPng.Rgb, [.. Enumerable.Repeat(77, 12 * 8 * 3).Select((level, i) => level + i % 3)]));
        Mask("c", [1]);
        var problems = Check("a,cat\nb,cat\nc,cat\n");
        Assert.Contains(problems,
            problem => problem.File.EndsWith("masks/a.jpg", StringComparison.Ordinal) && problem.Message.Contains("lossy", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.File.EndsWith("masks/b.PNG", StringComparison.Ordinal) && problem.Message.Contains("#4D4E4F",
            StringComparison.Ordinal));
    }

    [Fact]
    public void Check_ATextFileCalledAnImage_IsQuoted()
    {
        _temp.Write("images/c.JPG", "no image at all");
        Assert.Contains("text (“no image at all”)", Find(ProblemSeverity.Error, "cannot be decoded", "c,cat\n").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_WithColoursOfTheirOwn_AreReadByThem()
    {
        Image("a", 2, 1);
        _temp.Write("tags.csv", "a,cat;dog\n");
        _temp.Write("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ndog:51,221,255::\ncat:250,50,83::\n");
        File.WriteAllBytes(_temp.File("masks/a.png"), TestPng.Make(2, 1, 8, TestPng.Rgb, [51, 221, 255, 250, 50, 83]));
        Assert.Equal([2, 1], ImageFolder.Open(_temp.Path).Samples("all")[0].ReadTruth().Labels);
        Assert.Empty(DatasetCheck.Run(_temp.Path).Problems);
    }

    [Theory]
    [InlineData("bird:1,2,3::\n", "'bird' is not a class")]
    [InlineData("cat:1,2::\n", "has no colour")]
    [InlineData("cat:1,2,3::\ndog:1,2,3::\n", "line 2")]
    public void Samples_WithADamagedLabelMap_NameTheLine(string lines, string reason)
    {
        Image("a");
        _temp.Write("tags.csv", "a,cat\n");
        _temp.Write("labelmap.txt", lines);
        var error = Assert.Throws<DatasetException>(() => ImageFolder.Open(_temp.Path).Samples("all"));
        Assert.Contains("labelmap.txt, line", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private void Image(string id, int width = 12, int height = 8) =>
        ImageFile.WriteJpeg(_temp.File("images", id + ".jpg"), SmallVoc.Picture(id, width, height));

    private void Mask(string id, byte[] labels)
    {
        var map = new byte[12 * 8];
        labels.CopyTo(map, 0);
        File.WriteAllBytes(_temp.File("masks", id + ".png"), TestPng.Make(12, 8, 8, TestPng.Gray, [.. map.Select(label => (int)label)]));
    }

    private IReadOnlyList<DatasetProblem> Check(string tags)
    {
        _temp.Write("tags.csv", tags);
        return DatasetCheck.Run(_temp.Path).Problems;
    }

    private DatasetProblem Warning(string message, string tags) => Find(ProblemSeverity.Warning, message, tags);

    private DatasetProblem Find(ProblemSeverity severity, string message, string tags) =>
        Assert.Single(Check(tags), problem => problem.Severity == severity && problem.Message.Contains(message, StringComparison.Ordinal));

    private static string[] Names(string message) => message[(message.IndexOf('(') + 1)..message.IndexOf(')')].Split(", ");
}
