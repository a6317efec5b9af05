using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets;

public sealed class ClassNamesTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public ClassNamesTests()
    {
        Directory.CreateDirectory(_temp.File("images"));
        ImageFile.WritePng(_temp.File("images/a.png"), SmallVoc.Picture("a"));
        _temp.Write("tags.csv", "a\n");
    }

    public void Dispose() => _temp.Dispose();

    /// <summary>As the lists of mmseg, of VOC tools, and of labelme begin.</summary>
    [Theory]
    [InlineData("background\ncat\ndog\n", "'background'")]
    [InlineData("Background\r\ncat\r\ndog", "'Background'")]
    [InlineData("_background_\ncat\ndog\n\n\n", "'_background_'")]
    [InlineData("__ignore__\n_background_\ncat\ndog\n", "'_background_'")]
    public void Open_OfAListThatBeginsWithTheBackground_TakesItForLabel0(string classes, string noted)
    {
        var path = _temp.Write("classes.txt", classes);
        var dataset = Open();
        Assert.Equal(["cat", "dog"], dataset.Classes.Names);
        Assert.Equal(["background", "cat", "dog"], dataset.Classes.LabelNames);
        Assert.Contains($"{path} begins with {noted}, which is label 0; label 1 is 'cat'.", dataset.Notes);
    }

    [Theory]
    [InlineData("cat\nbackground\n", "'background' as class 2")]
    [InlineData("background\ncat\nBG\n", "'BG' as class 2")]
    [InlineData("cat\nvoid\n", "'void'")]
    [InlineData("unlabeled\ncat\n", "'unlabeled'")]
    [InlineData("__ignore__\ncat\n", "'__ignore__'")]
    [InlineData("cat\n\ndog\n", "class 2 of 3 has no name")]
    [InlineData("cat\nCAT\n", "twice, also as 'cat'")]
    [InlineData("hot  dog\n hot dog \n", "twice")]
    [InlineData("caf\u00e9\ncafe\u0301\n", "twice")]
    [InlineData("cat\nd\u200Bog\n", "U+200B")]
    [InlineData("cat\ndog\u202E\n", "U+202E")]
    [InlineData("cat\nd\u0007og\n", "U+0007")]
    [InlineData("cat\nd\uFFFDg\n", "U+FFFD")]
    [InlineData("cat, dog, bird\n", "one line with commas")]
    [InlineData("0 cat\n1 dog\n", "a number before every class")]
    [InlineData("1: cat\n2: dog\n", "a number before every class")]
    [InlineData("background\n", "names 0 classes")]
    public void Open_OfAListThatMayMeanTwoThings_RefusesIt(string classes, string expected)
    {
        var path = _temp.Write("classes.txt", classes);
        var error = Assert.Throws<DatasetException>(() => Open());
        Assert.StartsWith(path, error.Message);
        Assert.Contains(expected, error.Message);
        Assert.EndsWith(".", error.Message);
    }

    [Fact]
    public void Open_OfNamesWithoutEnd_RefusesThemBriefly()
    {
        _temp.Write("classes.txt", "cat\n" + new string('d', 500_000));
        Assert.InRange(Assert.Throws<DatasetException>(() => Open()).Message.Length, 1, 300);
        _temp.Write("classes.txt", string.Concat(Enumerable.Range(0, 255).Select(number => $"class{number}\n")));
        Assert.Contains("names 255 classes", Assert.Throws<DatasetException>(() => Open()).Message);
    }

    /// <summary>Characters that join letters in Persian, accents, spaces and commas are all of a name.</summary>
    [Fact]
    public void Open_OfOrdinaryNamesOfManyLanguages_KeepsThem()
    {
        string[] names = ["café", "кошка", "猫", "می\u200Cخواهم", "door;double door", "wall, brick", "24\" tv", "c++"];
        _temp.Write("classes.txt", string.Join('\n', names));
        Assert.Equal(names, Open().Classes.Names);
    }

    [Fact]
    public void Samples_OfTagsInOtherLetterCaseOrForm_AreThoseOfTheClass()
    {
        _temp.Write("classes.txt", "café\nhot dog\n");
        _temp.Write("tags.csv", "a,Cafe\u0301, Hot  Dog ,background\n");
        Assert.Equal([0, 1], Open().Samples("all")[0].Tags);
    }

    [Theory]
    [InlineData("""{ "classes": ["background", "cat"] }""")]
    [InlineData("""{ "classes": ["cat"] }""")]
    public void Open_OfAManifestThatBeginsWithTheBackground_TakesItForLabel0(string manifest)
    {
        SmallVoc.Add(_temp, "b", ["cat", "background"]);
        SmallVoc.List(_temp, "train", "b");
        _temp.Write("dataset.json", manifest);
        var dataset = DatasetCatalog.OpenFolder(_temp.Path);
        Assert.Equal(["cat"], dataset.Classes.Names);
        Assert.Equal([0], dataset.Samples("train")[0].Tags);
    }

    private ImageFolder Open() => ImageFolder.Open(_temp.Path);
}
