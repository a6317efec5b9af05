using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Coco;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Datasets.Foreign;
using Dashboard.Backend.Datasets.Voc;
using Dashboard.Tests.Datasets.Coco;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets;

/// <summary>Which layout a folder is read as, and what is said of those that are not read.</summary>
public sealed class DatasetLayoutTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void OpenFolder_OfAFolderWithEveryLayout_TakesThemInTheOrderOfTheList()
    {
        Assert.Equal([typeof(VocFolder), typeof(ImageFolder), typeof(RoboflowMasks), typeof(CocoFolder)],
            DatasetLayout.All.Select(layout => layout.Dataset));
        SmallVoc.Add(_temp, "a", ["cat"]);
        SmallVoc.List(_temp, "train", "a");
        SmallCoco.AddImage(_temp, "images/a.jpg");
        _temp.Write("tags.csv", "a,cat\n");
        _temp.Write("_classes.csv", "Pixel Value, Class\n0, background\n1, cat\n");
        SmallCoco.CatsAndDogs().Image(1, "a.jpg").Write(_temp, "annotations/instances_train.json", "train");

        string[] signs = ["ImageSets", "tags.csv", "_classes.csv", "annotations"];
        foreach (var (layout, sign) in DatasetLayout.All.Zip(signs))
        {
            Assert.True(layout.Recognises(_temp.Path));
            var dataset = DatasetCatalog.OpenFolder(_temp.Path);
            Assert.Equal(layout.Dataset, dataset.GetType());
            Assert.Equal(layout.Kind, DatasetLayout.KindOf(dataset));
            if (Directory.Exists(_temp.File(sign)))
                Directory.Delete(_temp.File(sign), recursive: true);
            else
                File.Delete(_temp.File(sign));
        }
        Directory.Delete(_temp.File("JPEGImages"), recursive: true);
        var error = Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(_temp.Path));
        Assert.All(DatasetLayout.All, layout => Assert.Contains(layout.Signs, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a.json", "{\"version\": \"5.0.1\", \"flags\": {}, \"shapes\": [], \"imagePath\": \"a.jpg\"}",
        "holds labelme's JSON files, one an image (a.json). Run labelme2voc.py")]
    [InlineData("train/a.json", "{\"imageData\": null, \"shapes\": [{\"label\": \"cat\"}]}", "one an image (train/a.json)")]
    [InlineData("data.yaml", "nc: 1", "is an export for YOLO", "train/labels/a.txt")]
    [InlineData("annotations.xml", "<annotations/>", "is CVAT's own format")]
    [InlineData("gtFine/a.txt", "", "has the layout of Cityscapes")]
    [InlineData("a_mask.png", "", "no _classes.csv")]
    public void OpenFolder_OfAnExportThatIsNotRead_SaysWhatItIsAndHowToExport(string file, string text, string expected, string? other = null)
    {
        _temp.Write(file, text);
        if (other is not null)
            _temp.Write(other, "");
        var error = Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(_temp.Path));
        Assert.StartsWith(_temp.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenFolder_OneHotClassesOfRoboflow_AreNoMasks()
    {
        _temp.Write("train/_classes.csv", "filename, cat, dog\na.jpg, 1, 0\n");
        Assert.False(RoboflowMasks.Recognises(_temp.Path));
    }
}
