using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Coco;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Datasets.Coco;

public sealed class CocoFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("2017")]
    [InlineData("2014")]
    public void Open_CocosOwnLayout_HasItsSplitsClassesAndTags(string year)
    {
        SmallCoco.CatsAndDogs().Image(5, "000000000005.jpg").Image(2, "000000000002.jpg").Image(9, "000000000009.jpg")
            .Annotation(5, 17, SmallCoco.Box(1, 1, 2, 2))
                .Annotation(2, 3, SmallCoco.Box(0, 0, 3, 3))
                .Annotation(5, 3, SmallCoco.Box(5, 5, 2, 2))
                .Annotation(5, 17, SmallCoco.Box(8, 1, 2, 2))
            .Write(_temp, $"annotations/instances_train{year}.json", $"train{year}");
        SmallCoco.CatsAndDogs()
            .Image(7, "000000000007.jpg")
            .Annotation(7, 17, SmallCoco.Box(1, 1, 2, 2))
            .Write(_temp, $"annotations/instances_val{year}.json", $"val{year}");
        _temp.Write($"annotations/captions_train{year}.json", "{\"images\": []}");
        _temp.Write($"annotations/person_keypoints_val{year}.json", "not even JSON");
        _temp.Write($"annotations/._instances_train{year}.json", "a Mac's");

        var dataset = Assert.IsType<CocoFolder>(DatasetCatalog.OpenFolder(_temp.Path));

        Assert.Equal(["train", "val"], dataset.Splits);
        // In the order of the ids, whatever the file's: 3 is dog, 17 is cat.
        Assert.Equal(["dog", "cat"], dataset.Classes.Names);
        Assert.Equal(["000000000005", "000000000002", "000000000009"], dataset.Samples("train").Select(sample => sample.Id));
        Assert.Equal([[0, 1], [0], []], dataset.Samples("train").Select(sample => sample.Tags));
        Assert.Equal(_temp.File($"train{year}", "000000000005.jpg"), dataset.Samples("train")[0].ImagePath);
        Assert.Equal(".22.....22..", Row(dataset.Samples("train")[0], 1));
        Assert.DoesNotContain(DatasetCheck.Run(_temp.Path).Problems, problem => problem.Severity == ProblemSeverity.Error);
    }

    [Fact]
    public void Draw_OverlapsCrowdsAndRuns_AreAsInTheLabelMapsOfTheWeaklySupervisedPapers()
    {
        // The large cat comes last in the file and lies under the dog; the crowd lies under both and is ignored; the runs are a column of two pixels
        // at x 11.
        SmallCoco.CatsAndDogs().Image(1, "a.jpg")
            .Annotation(1, 3, "{\"size\": [8, 12], \"counts\": [0, 96]}", area: 1, crowd: true)
            .Annotation(1, 3, SmallCoco.Box(2, 2, 2, 2), area: 4)
            .Annotation(1, 17, SmallCoco.Box(1, 1, 6, 4), area: 24)
            .Annotation(1, 17, "{\"size\": [8, 12], \"counts\": [89, 2, 5]}", area: 2)
            .Write(_temp, "annotations/instances_val2017.json", "val2017");
        var sample = Assert.Single(DatasetCatalog.OpenFolder(_temp.Path).Samples("val"));

        Assert.Equal(
            [
                "************",
                "*222222****2",
                "*211222****2",
                "*211222*****",
                "*222222*****",
                "************",
                "************",
                "************",
            ],
            Enumerable.Range(0, SmallCoco.Height).Select(y => Row(sample, y)));
        Assert.Equal([0, 1], sample.Tags);
        Assert.Equal(new ImageSize(12, 8), sample.Drawn!.Size);
    }

    [Fact]
    public void Draw_AreasThatTheFileDoesNotGive_AreMeasured()
    {
        SmallCoco.CatsAndDogs()
            .Image(1, "a.jpg")
            .Annotation(1, 17, SmallCoco.Box(0, 0, 6, 4))
            .Annotation(1, 3, SmallCoco.Box(1, 1, 1, 1))
            .Write(_temp, "annotations/instances_default.json", "images");
        var sample = Assert.Single(DatasetCatalog.OpenFolder(_temp.Path).Samples("all"));
        Assert.Equal("222222......", Row(sample, 0));
        Assert.Equal("212222......", Row(sample, 1));
    }

    [Fact]
    public void Draw_TextRuns_AreRead()
    {
        // 6320> is 6 3 2 3 16: the number two before is added from the fourth on.
        SmallCoco.CatsAndDogs()
            .Image(1, "a.jpg")
            .Annotation(1, 3, "{\"size\": [5, 6], \"counts\": \"6320>\"}")
            .Write(_temp, "annotations/instances_default.json", "images");
        SmallCoco.AddImage(_temp, "images/a.jpg", 6, 5);
        Replace("annotations/instances_default.json", "\"width\": 12", "\"width\": 6", "\"height\": 8", "\"height\": 5");
        var mask = Assert.Single(DatasetCatalog.OpenFolder(_temp.Path).Samples("all")).ReadTruth();
        Assert.Equal(".......11....11....11.........", string.Concat(mask.Labels.Select(label => label == 1 ? '1' : '.')));
    }

    [Fact]
    public void Open_Roboflow_LeavesOutTheHeadingThatNoAnnotationUses()
    {
        foreach (var split in (string[])["train", "valid", "test"])
            new SmallCoco().Category(0, "animals", "none").Category(1, "cat", "animals").Category(2, "dog", "animals")
                .Image(0, $"{split}_jpg.rf.0a1b.jpg")
                    .Annotation(0, 2, SmallCoco.Box(1, 1, 2, 2))
                    .Write(_temp, $"{split}/_annotations.coco.json", split);
        _temp.Write("README.dataset.txt", "Exported");
        var dataset = DatasetCatalog.OpenFolder(_temp.Path);
        Assert.Equal(["train", "val", "test"], dataset.Splits);
        Assert.Equal(["cat", "dog"], dataset.Classes.Names);
        var sample = Assert.Single(dataset.Samples("val"));
        Assert.Equal(("valid_jpg.rf.0a1b", _temp.File("valid/valid_jpg.rf.0a1b.jpg")), (sample.Id, sample.ImagePath));
        Assert.Equal("2", Row(sample, 1)[1..2]);
    }

    [Fact]
    public void Open_AHeadingThatAnnotationsUse_IsAClass()
    {
        new SmallCoco()
            .Category(0, "animals", "none")
            .Category(1, "cat", "animals")
            .Image(0, "a.jpg")
            .Annotation(0, 0, SmallCoco.Box(1, 1, 2, 2))
            .Write(_temp, "train/_annotations.coco.json", "train");
        Assert.Equal(["animals", "cat"], DatasetCatalog.OpenFolder(_temp.Path).Classes.Names);
    }

    [Theory]
    // CVAT, old and new.
    [InlineData("annotations/instances_default.json", "images", "all")]
    [InlineData("annotations/instances_default.json", "images/default", "all")]
    [InlineData("annotations/instances_Train.json", "images/Train", "train")]
    // labelme2coco, whole and by split.
    [InlineData("annotations.json", "JPEGImages", "all")]
    [InlineData("train/annotations.json", "train/JPEGImages", "train")]
    // FiftyOne, Label Studio, Roboflow without splits, and people's own.
    [InlineData("labels.json", "data", "all")]
    [InlineData("result.json", "images", "all")]
    [InlineData("_annotations.coco.json", "", "all")]
    [InlineData("annotations/train.json", "images", "train")]
    [InlineData("annotations/annotations_validation.json", "images/val", "val")]
    [InlineData("val_coco.json", "val", "val")]
    public void Open_OtherLayouts_FindSplitAndImages(string annotations, string images, string split)
    {
        SmallCoco.CatsAndDogs().Image(1, "a.jpg").Annotation(1, 17, SmallCoco.Box(1, 1, 2, 2)).Write(_temp, annotations, images);
        var dataset = DatasetCatalog.OpenFolder(_temp.Path);
        Assert.Equal([split], dataset.Splits);
        Assert.Equal(_temp.File(images, "a.jpg"), Assert.Single(dataset.Samples(split)).ImagePath);
    }

    [Fact]
    public void Open_TwoYearsInOneFolder_KeepTheirNames()
    {
        foreach (var year in (string[])["train2014", "train2017"])
            SmallCoco.CatsAndDogs()
                .Image(1, "a.jpg")
                .Annotation(1, 17, SmallCoco.Box(1, 1, 2, 2))
                .Write(_temp, $"annotations/instances_{year}.json", year);
        var dataset = DatasetCatalog.OpenFolder(_temp.Path);
        Assert.Equal(["train2014", "train2017"], dataset.Splits);
        Assert.Equal(_temp.File("train2017/a.jpg"), dataset.Samples("train2017")[0].ImagePath);
    }

    [Fact]
    public void Open_LabelmesBackground_IsNoClass()
    {
        new SmallCoco()
            .Category(0, "_background_")
            .Category(1, "cat")
            .Image(0, "JPEGImages/a.jpg")
            .Annotation(0, 1, SmallCoco.Box(1, 1, 2, 2))
            .Write(_temp, "annotations.json", "");
        var dataset = DatasetCatalog.OpenFolder(_temp.Path);
        Assert.Equal(["cat"], dataset.Classes.Names);
        Assert.Equal(_temp.File("JPEGImages/a.jpg"), dataset.Samples("all")[0].ImagePath);
    }

    [Fact]
    public void Samples_NamesOfWindowsAndOfOtherMachines_AreFoundByFileName()
    {
        var annotations = SmallCoco.CatsAndDogs().Image(1, @"C:\export\a.jpg").Image(2, "/home/somebody/b.jpg").Image(3, @"sub\c.jpg").Annotation(1,
            3, SmallCoco.Box(0, 0, 2, 2));
        _temp.Write("annotations/instances_train.json", annotations.Json);
        foreach (var file in (string[])["a.jpg", "b.jpg", "sub/c.jpg"])
            SmallCoco.AddImage(_temp, "train/" + file);
        Assert.Equal([_temp.File("train/a.jpg"), _temp.File("train/b.jpg"), _temp.File("train/sub/c.jpg")],
            DatasetCatalog.OpenFolder(_temp.Path).Samples("train").Select(sample => sample.ImagePath));
    }

    [Fact]
    public void Samples_SameNameInTwoFolders_HaveIdsOfTheirOwn()
    {
        SmallCoco.CatsAndDogs()
            .Image(1, "one/a.jpg")
            .Image(2, "two/a.jpg")
            .Annotation(1, 3, SmallCoco.Box(0, 0, 2, 2))
            .Write(_temp, "annotations/instances_train.json", "train");
        Assert.Equal(["one_a", "two_a"], DatasetCatalog.OpenFolder(_temp.Path).Samples("train").Select(sample => sample.Id));
    }

    [Fact]
    public void Samples_BoxesWithoutOutlines_HaveTagsAndNoMask()
    {
        SmallCoco.CatsAndDogs()
            .Image(1, "a.jpg")
            .Image(2, "b.jpg")
            .Annotation(1, 3, "[]")
            .Annotation(1, 17, SmallCoco.Box(0, 0, 2, 2))
            .Annotation(2, 17, SmallCoco.Box(0, 0, 2, 2))
            .Write(_temp, "annotations/instances_train.json", "train");
        var samples = DatasetCatalog.OpenFolder(_temp.Path).Samples("train");
        Assert.Equal([0, 1], samples[0].Tags);
        Assert.Null(samples[0].MaskPath);
        Assert.NotNull(samples[1].MaskPath);
        Assert.Contains(DatasetCheck.Run(_temp.Path).Problems, problem => problem.Message == "gives 1 of 2 objects in a.jpg a box and no outline");
    }

    [Fact]
    public void Draw_FileChangedSinceItWasRead_IsRefusedNotMisread()
    {
        var path = SmallCoco.CatsAndDogs().Image(1, "a.jpg").Annotation(1, 3, SmallCoco.Box(0, 0, 2, 2)).Write(_temp,
            "annotations/instances_train.json", "train");
        var sample = DatasetCatalog.OpenFolder(_temp.Path).Samples("train")[0];
        File.WriteAllText(path, " " + File.ReadAllText(path));
        Assert.Contains($"{path} has changed", Assert.Throws<ImageException>(() => sample.ReadTruth()).Message);
        // Opened again it is read again.
        Assert.Equal("1", Row(DatasetCatalog.OpenFolder(_temp.Path).Samples("train")[0], 0)[..1]);
    }

    private static string Row(Sample sample, int y)
    {
        var mask = sample.ReadTruth();
        return string.Concat(Enumerable.Range(0, mask.Width)
            .Select(x => mask[x, y] switch { LabelMap.Background => '.', LabelMap.Ignore => '*', var label => (char)('0' + label) }));
    }

    private void Replace(string file, params string[] pairs)
    {
        var text = File.ReadAllText(_temp.File(file));
        for (var i = 0; i < pairs.Length; i += 2)
            text = text.Replace(pairs[i], pairs[i + 1]);
        File.WriteAllText(_temp.File(file), text);
    }
}
