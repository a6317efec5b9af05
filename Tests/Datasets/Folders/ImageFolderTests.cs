using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Folders;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public ImageFolderTests()
    {
        Directory.CreateDirectory(_temp.File("images"));
        foreach (var id in (string[])["a", "b", "c"])
            ImageFile.WritePng(_temp.File("images", id + ".png"), SmallVoc.Picture(id));
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("a.png,dog,cat\nb.png,cat\nc.png\n")]
    [InlineData("a,dog;cat\nb,cat\nc,\n")]
    [InlineData("image,tags\r\n\"a.png\",\"dog; cat\"\r\n\r\nimages/b.png, cat\r\nc.png,\r\n")]
    public void Samples_OfEitherTagFormat_AreTheSame(string tags)
    {
        _temp.Write("tags.csv", tags);
        var dataset = Open();
        Assert.Equal(["dog", "cat"], dataset.Classes.Names);
        Assert.Equal(["all"], dataset.Splits);
        Assert.Equal(["a", "b", "c"], dataset.Samples("all").Select(sample => sample.Id));
        Assert.Equal([[0, 1], [1], []], dataset.Samples("all").Select(sample => sample.Tags));
    }

    [Fact]
    public void Open_WithAClassList_KeepsItsOrder()
    {
        _temp.Write("tags.csv", "a,dog\nb,cat\nc,\n");
        _temp.Write("classes.txt", "cat\ndog\nbird\n");
        Assert.Equal(["cat", "dog", "bird"], Open().Classes.Names);
        Assert.Equal([1], Open().Samples("all")[0].Tags);
    }

    [Theory]
    [InlineData("cat\nCat\n", "twice")]
    [InlineData("\n", "0 classes")]
    public void Open_WithABadClassList_NamesTheFile(string classes, string expected)
    {
        _temp.Write("tags.csv", "a,cat\n");
        var path = _temp.Write("classes.txt", classes);
        var error = Assert.Throws<DatasetException>(() => Open());
        Assert.Contains(path, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Samples_WithSplitsAndMasks_UseThem()
    {
        _temp.Write("tags.csv", "a,dog\nb,dog\nc,dog\n");
        _temp.Write("splits/val.txt", "c.png\na\n");
        _temp.Write("splits/train.txt", "b\n");
        Directory.CreateDirectory(_temp.File("masks"));
        ImageFile.WriteLabels(_temp.File("masks/a.png"), new LabelMap(12, 8, new byte[96]));
        Assert.Equal(["train", "val"], Open().Splits);
        Assert.Equal(["c", "a"], Open().Samples("val").Select(sample => sample.Id));
        Assert.Equal([null, _temp.File("masks/a.png")], Open().Samples("val").Select(sample => sample.MaskPath));
    }

    [Theory]
    [InlineData("a,dog\nb,dog\n", "has no line for c")]
    [InlineData("a,dog\nb,dog\nc,dog\na,cat;bird\n", "line 4")]
    [InlineData("a\nb\nc\n", "names 0 classes")]
    [InlineData("a,dog\n,cat\n", "line 2")]
    public void Samples_OfABadTagFile_SayWhatIsWrong(string tags, string expected)
    {
        var path = _temp.Write("tags.csv", tags);
        var error = Assert.Throws<DatasetException>(() => Open().Samples("all"));
        Assert.Contains(path, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Samples_WithATagThatIsNoClass_NameImageAndTag()
    {
        _temp.Write("tags.csv", "a,dog\nb,wolf\nc,\n");
        _temp.Write("classes.txt", "dog\n");
        Assert.Contains("gives b the tag 'wolf'", Assert.Throws<DatasetException>(() => Open().Samples("all")).Message);
    }

    private ImageFolder Open() => ImageFolder.Open(_temp.Path);
}
