using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Datasets.Voc;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;
using Dashboard.Tests.EndToEnd;

namespace Dashboard.Tests.Datasets;

public sealed class DatasetCatalogTests : IDisposable
{
    private readonly TempFolder _data = new();
    private readonly TempFolder _voc = new();
    private readonly TempFolder _images = new();

    public DatasetCatalogTests()
    {
        SmallVoc.Add(_voc, "one", ["cat"]);
        SmallVoc.List(_voc, "train", "one");
        Directory.CreateDirectory(_images.File("images"));
        ImageFile.WritePng(_images.File("images/a.png"), SmallVoc.Picture("a"));
        _images.Write("tags.csv", "a,dog\n");
    }

    public void Dispose()
    {
        _data.Dispose();
        _voc.Dispose();
        _images.Dispose();
    }

    [Fact]
    public void Open_OfThreeWaysToName_FindsTheDataSet()
    {
        var catalog = new DatasetCatalog(_data.Path, new Dictionary<string, string> { ["voc12"] = _voc.Path });
        catalog.Register("mine", _images.Path);
        Assert.IsType<VocFolder>(catalog.Open("voc12"));
        Assert.IsType<VocFolder>(catalog.Open("VOC12"));
        Assert.IsType<ImageFolder>(catalog.Open("mine"));
        Assert.IsType<ImageFolder>(catalog.Open(_images.Path));
    }

    [Fact]
    public void Canonical_OfEveryNameOfAFolder_IsOne()
    {
        var catalog = new DatasetCatalog(_data.Path, new Dictionary<string, string> { ["voc12"] = _voc.Path + "/" });
        var link = _data.File("link");
        Directory.CreateSymbolicLink(link, _voc.Path);
        catalog.Register("again", link);
        foreach (var name in new[] { "voc12", "VOC12", "again", _voc.Path, _voc.Path + "/", link, Path.Combine(_voc.Path, "JPEGImages", "..") })
            Assert.Equal("again", catalog.Canonical(name));
        foreach (var name in new[] { "cooccurrence", "Cooccurrence", catalog.BuiltInPath })
            Assert.Equal("cooccurrence", catalog.Canonical(name));
        Assert.Equal(_images.Path, catalog.Canonical(Path.Combine(_data.Path, "..", Path.GetFileName(_images.Path))));
        Assert.Equal("nosuch", catalog.Canonical("nosuch"));
    }

    [Fact]
    public void Open_OfTheBuiltIn_GeneratesItOnce()
    {
        var catalog = new DatasetCatalog(BuiltInWorld.Data);
        var dataset = catalog.Open("cooccurrence");
        Assert.Equal("Co-occurrence world", dataset.Name);
        Assert.Equal((1600, 320), (dataset.Samples("train").Count, dataset.Samples("val").Count));
        Assert.StartsWith(Path.Combine(BuiltInWorld.Data, "datasets"), dataset.Root);

        var image = dataset.Samples("train")[0].ImagePath;
        var written = File.GetLastWriteTimeUtc(image);
        catalog.Open("cooccurrence");
        Assert.Equal(written, File.GetLastWriteTimeUtc(image));
    }

    [Fact]
    public void Open_OfAnUnknownName_ListsTheKnownOnes()
    {
        var catalog = new DatasetCatalog(_data.Path, new Dictionary<string, string> { ["voc12"] = _voc.Path });
        var error = Assert.Throws<DatasetException>(() => catalog.Open("voc"));
        Assert.Contains("cooccurrence, voc12", error.Message);
    }

    [Fact]
    public void Open_OfAnotherFolder_SaysWhatWasLookedFor()
    {
        var catalog = new DatasetCatalog(_data.Path);
        var error = Assert.Throws<DatasetException>(() => catalog.Open(_data.Path));
        Assert.Contains("JPEGImages/", error.Message);
        Assert.Contains("tags.csv", error.Message);
        Assert.Contains("does not exist", Assert.Throws<DatasetException>(() => catalog.Open(_data.File("nowhere"))).Message);
    }

    [Fact]
    public void Open_OfTheFolderAboveVoc_NamesTheRightOne()
    {
        using var kit = new TempFolder();
        Directory.CreateDirectory(kit.File("VOCdevkit/VOC2012/JPEGImages"));
        Directory.CreateDirectory(kit.File("VOCdevkit/VOC2012/ImageSets/Segmentation"));
        Assert.Contains(kit.File("VOCdevkit/VOC2012"), Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(kit.Path)).Message);
    }

    [Fact]
    public void Register_SurvivesARestart_UntilRemoved()
    {
        new DatasetCatalog(_data.Path).Register("mine", _images.Path);
        var restarted = new DatasetCatalog(_data.Path);
        Assert.IsType<ImageFolder>(restarted.Open("mine"));
        restarted.Remove("mine");
        Assert.Throws<DatasetException>(() => new DatasetCatalog(_data.Path).Open("mine"));
        Assert.True(File.Exists(_images.File("tags.csv")));
    }

    [Theory]
    [InlineData("cooccurrence", "taken")]
    [InlineData("voc12", "taken")]
    [InlineData("../x", "letters")]
    [InlineData("", "letters")]
    public void Register_UnderABadName_IsRefused(string name, string expected)
    {
        var catalog = new DatasetCatalog(_data.Path, new Dictionary<string, string> { ["voc12"] = _voc.Path });
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => catalog.Register(name, _images.Path)).Message);
    }

    [Fact]
    public void Register_OfNoDataSet_IsRefused()
    {
        var catalog = new DatasetCatalog(_data.Path);
        Assert.Throws<DatasetException>(() => catalog.Register("mine", _data.Path));
        Assert.Throws<DatasetException>(() => catalog.Register("mine", "images"));
        Assert.Throws<DatasetException>(() => catalog.Remove("mine"));
    }

    [Fact]
    public void List_SaysWhatIsThereAndWhyNot()
    {
        var catalog = new DatasetCatalog(_data.Path, new Dictionary<string, string> { ["voc12"] = _voc.Path, ["gone"] = "/nowhere/at/all" });
        catalog.Register("mine", _images.Path);
        var entries = catalog.List();
        Assert.Equal(["cooccurrence", "gone", "mine", "voc12"], entries.Select(entry => entry.Name));
        Assert.Equal(["Built in", "Unknown", "Image folder", "VOC folder"], entries.Select(entry => entry.Kind));
        Assert.Equal([true, false, true, true], entries.Select(entry => entry.Unavailable is null));
        Assert.Equal([false, false, true, false], entries.Select(entry => entry.IsRemovable));
        Assert.Contains("/nowhere/at/all", entries[1].Unavailable);
        Assert.False(Directory.Exists(catalog.BuiltInPath), "listing generates nothing");
    }
}
