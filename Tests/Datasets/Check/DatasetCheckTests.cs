using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Check;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Run_OnTheBuiltInWorld_FindsNothing()
    {
        CooccurrenceWorld.Make(_temp.File("world"), train: 60, val: 20);
        var report = DatasetCheck.Run(_temp.File("world"));
        Assert.Empty(report.Problems);
        Assert.Equal([("train", 60, 60), ("val", 20, 20)], report.Splits.Select(split => (split.Split, split.Images, split.Masks)));
        Assert.InRange(report.Splits[0].PerClass.Sum(), 60, 120);
    }

    [Fact]
    public void Run_OnAFolderWithEveryFault_FindsAllOfThem()
    {
        SmallVoc.Add(_temp, "good", ["cat"], [8]);
        SmallVoc.Add(_temp, "small_mask", ["cat"], null);
        SmallVoc.AddMask(_temp, "SegmentationClass", "small_mask", [8], width: 6, height: 4);
        SmallVoc.Add(_temp, "far_label", ["cat"], [8, 21, 30, 255]);
        SmallVoc.Add(_temp, "untagged_dog", ["cat"], [8, 12]);
        SmallVoc.Add(_temp, "unseen_dog", ["cat", "dog"], [8]);
        SmallVoc.Add(_temp, "no_mask", ["cat"]);
        SmallVoc.Add(_temp, "no_tags", [], [0]);
        SmallVoc.Add(_temp, "truncated", ["cat"], [8]);
        SmallVoc.Add(_temp, "torn_mask", ["cat"], [8]);
        SmallVoc.Add(_temp, "no_annotation", ["cat"], [8]);
        SmallVoc.Add(_temp, "bad_class", ["unicorn"], [0]);
        Cut("JPEGImages/truncated.jpg");
        Cut("SegmentationClass/torn_mask.png");
        File.Delete(_temp.File("Annotations/no_annotation.xml"));
        _temp.Write("Annotations/gone.xml", SmallVoc.Annotation("cat"));
        SmallVoc.AddMask(_temp, "SegmentationClass", "gone", [8]);
        SmallVoc.List(
            _temp, "train", "good", "small_mask", "far_label", "untagged_dog", "unseen_dog", "no_mask", "no_tags", "truncated", "torn_mask",
            "no_annotation", "bad_class", "gone", "good", "good x");

        var report = DatasetCheck.Run(_temp.Path);

        (ProblemSeverity, string, string)[] expected =
        [
            (ProblemSeverity.Error, "SegmentationClass/small_mask.png", "6x4"),
            (ProblemSeverity.Error, "SegmentationClass/far_label.png", "labels 21, 30"),
            (ProblemSeverity.Warning, "SegmentationClass/untagged_dog.png", "shows dog"),
            (ProblemSeverity.Warning, "SegmentationClass/unseen_dog.png", "not show dog"),
            (ProblemSeverity.Error, "JPEGImages/no_mask.jpg", "no mask"),
            (ProblemSeverity.Warning, "JPEGImages/no_tags.jpg", "no tags"),
            (ProblemSeverity.Error, "JPEGImages/truncated.jpg", "cannot be decoded"),
            (ProblemSeverity.Error, "SegmentationClass/torn_mask.png", "cannot be decoded"),
            (ProblemSeverity.Error, "Annotations/no_annotation.xml", "is missing"),
            (ProblemSeverity.Error, "Annotations/bad_class.xml", "'unicorn'"),
            (ProblemSeverity.Error, "JPEGImages/gone.jpg", "is missing"),
            (ProblemSeverity.Error, "JPEGImages/good.jpg", "2 times"),
            (ProblemSeverity.Error, "ImageSets/Segmentation/train.txt", "line 14"),
        ];
        foreach (var (severity, file, message) in expected)
            Assert.Contains(report.Problems,
                problem => problem.Severity == severity && problem.File == _temp.File(file) && problem.Message.Contains(message));
        // The image with the unknown class has no tags left, which is a problem of its own.
        Assert.Equal(expected.Length + 1, report.Problems.Count);
        Assert.All(report.Problems, problem => Assert.EndsWith(".", problem.Remedy));
        Assert.Equal((9 + 1, 3 + 1), (report.Errors, report.Warnings));
        Assert.Equal(12, Assert.Single(report.Splits).Images);
    }

    [Fact]
    public void Run_OnThousandsOfFaultsOfAKind_NamesAThousandAndCountsTheOthers()
    {
        SmallVoc.Add(_temp, "good", ["cat"]);
        SmallVoc.List(_temp, "train", ["good", .. Enumerable.Range(0, 1205).Select(number => $"gone{number:0000}")]);
        var report = DatasetCheck.Run(_temp.Path);
        Assert.Equal(DatasetCheck.MostOfAKind + 1, report.Errors);
        Assert.Contains(report.Problems, problem => problem.File == _temp.Path && problem.Message.StartsWith("has 205 more problems like this one"));
    }

    [Fact]
    public void Run_OnImagesInFolders_SaysWhereTheyBelong()
    {
        Directory.CreateDirectory(_temp.File("images/train"));
        _temp.Write("tags.csv", "a,cat\n");
        Assert.Contains(DatasetCheck.Run(_temp.Path).Problems,
            problem => problem is { Severity: ProblemSeverity.Error, Message: "has folders, but no images" });
    }

    [Fact]
    public void Run_OnNoDataSet_ReportsThat()
    {
        var report = DatasetCheck.Run(_temp.Path);
        Assert.Equal(1, report.Errors);
        Assert.Contains("JPEGImages", report.Problems[0].Remedy);
    }

    [Fact]
    public void Run_OnAFolderWithoutTags_ReportsThat()
    {
        SmallVoc.Add(_temp, "good", ["cat"]);
        SmallVoc.List(_temp, "train", "good");
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        Assert.Contains(DatasetCheck.Run(_temp.Path).Problems,
            problem => problem.Severity == ProblemSeverity.Error && problem.Remedy.Contains("Annotations/"));
    }

    [Fact]
    public void Run_OnTrainAugWithoutItsMasks_WarnsOnce()
    {
        SmallVoc.Add(_temp, "good", ["cat"], [8]);
        SmallVoc.Add(_temp, "more", ["cat"]);
        SmallVoc.List(_temp, "train_aug", "good", "more");
        var problem = Assert.Single(DatasetCheck.Run(_temp.Path).Problems);
        Assert.Equal((ProblemSeverity.Warning, _temp.File("SegmentationClassAug")), (problem.Severity, problem.File));
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        CooccurrenceWorld.Make(_temp.File("world"), train: 40, val: 0);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => DatasetCheck.Run(_temp.File("world"), cancellation: cancel.Token));
    }

    private void Cut(string file)
    {
        var path = _temp.File(file);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length * 2 / 3)]);
    }
}
