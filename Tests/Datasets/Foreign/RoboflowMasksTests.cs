using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Foreign;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Foreign;

public sealed class RoboflowMasksTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Open_AsExported_MapsPixelValuesToLabelsAndTags()
    {
        foreach (var folder in (string[])["train", "valid"])
        {
            _temp.Write($"{folder}/_classes.csv", "Pixel Value, Class\n0, background\n3, big cat\n7, dog\n");
            Add(folder, "a", [0, 3, 7, 255]);
            Add(folder, "b", [7]);
            Add(folder, "c", []);
        }
        var dataset = Assert.IsType<RoboflowMasks>(DatasetCatalog.OpenFolder(_temp.Path));
        Assert.Equal(["train", "val"], dataset.Splits);
        Assert.Equal(["big cat", "dog"], dataset.Classes.Names);
        var samples = dataset.Samples("val");
        Assert.Equal(["a", "b", "c"], samples.Select(sample => sample.Id));
        Assert.Equal([[0, 1], [1], []], samples.Select(sample => sample.Tags));
        Assert.Equal([0, 1, 2, 255, 0], samples[0].ReadTruth().Labels[..5]);
        Assert.Equal(_temp.File("valid/a_mask.png"), samples[0].MaskPath);
        Assert.DoesNotContain(DatasetCheck.Run(_temp.Path).Problems, problem => problem.Severity == ProblemSeverity.Error);
    }

    [Fact]
    public void Check_FaultyFiles_AreNamed()
    {
        _temp.Write("train/_classes.csv", "Pixel Value, Class\n0, background\n1, cat\n");
        Add("train", "good", [1]);
        Add("train", "strange", [0, 9]);
        Add("train", "alone", [1]);
        Add("train", "bare", [1]);
        File.Delete(_temp.File("train/alone.jpg"));
        File.Delete(_temp.File("train/bare_mask.png"));
        var problems = DatasetCheck.Run(_temp.Path).Problems;
        Assert.Contains(
            problems, problem => problem.File == _temp.File("train/strange_mask.png") && problem.Message.Contains("the pixel value 9 at x 1, y 0",
                StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.File == _temp.File("train/alone_mask.png") && problem.Message == "is a mask without an image");
        Assert.Contains(problems, problem => problem.File == _temp.File("train/bare.jpg") && problem.Message == "has no mask, and so no tags");
    }

    [Theory]
    [InlineData("Pixel Value, Class\n0, road\n1, cat\n", "gives the pixel value 0 to the class 'road'")]
    [InlineData("Pixel Value, Class\n0, background\none, cat\n", "line 3 is not a pixel value")]
    [InlineData("Pixel Value, Class\n0, background\n1, cat\n1, dog\n", "line 4 gives the pixel value 1 a second class")]
    [InlineData("Pixel Value, Class\n0, background\n", "names 0 classes")]
    [InlineData("Pixel Value, Class\n0, background\n255, cat\n", "line 3 is not a pixel value")]
    [InlineData("Pixel Value, Class\n1, background\n2, cat\n", "calls the pixel value 1 'background'")]
    public void Open_ClassesThatCannotBe_AreRefused(string classes, string reason)
    {
        var path = _temp.Write("train/_classes.csv", classes);
        Add("train", "a", [1]);
        var error = Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(_temp.Path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SplitsThatDisagree_NamesBoth()
    {
        _temp.Write("train/_classes.csv", "Pixel Value, Class\n0, background\n1, cat\n");
        _temp.Write("valid/_classes.csv", "Pixel Value, Class\n0, background\n1, dog\n");
        Assert.Contains("other classes than", Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(_temp.Path)).Message,
            StringComparison.Ordinal);
    }

    private void Add(string folder, string name, byte[] values)
    {
        ImageFile.WriteJpeg(_temp.File(folder, name + ".jpg"), SmallVoc.Picture(name));
        var labels = new byte[12 * 8];
        values.CopyTo(labels, 0);
        File.WriteAllBytes(_temp.File(folder, name + "_mask.png"), ImageFile.EncodePng(new ImageBuffer(12, 8, 1, labels)));
    }
}
