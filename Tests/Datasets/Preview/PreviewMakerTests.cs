using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Preview;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Coco;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Preview;

public sealed class PreviewMakerTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Make_OfASmallVocFolder_CountsEverything()
    {
        SmallVoc.Add(_temp, "a", ["cat"], [8, 8, 255]);
        SmallVoc.Add(_temp, "b", ["cat", "dog"], [8, 12, 12], width: 16, height: 6);
        SmallVoc.Add(_temp, "c", [], [0]);
        SmallVoc.List(_temp, "train", "a", "b");
        SmallVoc.List(_temp, "val", "c");

        var preview = PreviewMaker.Make(DatasetCatalog.OpenFolder(_temp.Path));

        Assert.Equal(("VOC folder", _temp.Path, false), (preview.Kind, preview.Root, preview.IsSampled));
        // Two masks of 96 pixels: 3 of cat, 2 of dog, 1 ignored.
        Assert.Equal(new PreviewSplit("train", 2, 2, 0, 2, new ImageSize(12, 8), new ImageSize(16, 6), 186.0 / 192, 1.0 / 192, null),
            preview.Splits[0]);
        Assert.Equal(new PreviewSplit("val", 1, 1, 1, 1, new ImageSize(12, 8), new ImageSize(12, 8), 1, 0, null), preview.Splits[1]);
        Assert.Equal([new(2, 3.0 / 192), new(0, 0)], preview.Classes.Single(row => row.Name == "cat").Splits);
        Assert.Equal([new(1, 2.0 / 192), new(0, 0)], preview.Classes.Single(row => row.Name == "dog").Splits);
        Assert.Equal([new(0, 0), new(0, 0)], preview.Classes.Single(row => row.Name == "sheep").Splits);
        Assert.Equal([("train", "a"), ("train", "b")], preview.Pictures.Select(picture => (picture.Split, picture.Id)));
        Assert.Equal(["cat", "dog"], preview.Pictures[1].Tags);
        Assert.Empty(preview.Skipped);
    }

    [Fact]
    public void Make_OfALargeSplit_OpensSomeAndSaysSo()
    {
        var coco = SmallCoco.CatsAndDogs();
        for (var i = 0; i < 450; i++)
            coco.Image(i, $"{i:0000}.jpg").Annotation(i, 17, SmallCoco.Box(0, 0, 6, 8));
        coco.Write(_temp, "annotations/instances_train.json", "train");
        // Not one of the 200 that are opened, every 2.25th: a check finds it, a preview need not.
        File.Delete(_temp.File("train/0001.jpg"));
        var done = new List<WorkProgress>();

        var first = PreviewMaker.Make(DatasetCatalog.OpenFolder(_temp.Path), new Recorder(done));

        var split = Assert.Single(first.Splits);
        Assert.Equal((450, 450, PreviewMaker.MostOpened, true), (split.Images, split.Masks, split.Opened, first.IsSampled));
        Assert.Equal(new PreviewClassCount(450, 0.5), first.Classes[1].Splits[0]);
        Assert.Equal(["0000", "0090", "0180", "0270", "0360"], first.Pictures.Select(picture => picture.Id));
        Assert.Equal(200, done.Count);
        Assert.Equal(200, done.Max(work => work.Done));
        // The same every time.
        Assert.Equal(first.Pictures.Select(picture => picture.Id),
            PreviewMaker.Make(DatasetCatalog.OpenFolder(_temp.Path)).Pictures.Select(picture => picture.Id));
    }

    [Fact]
    public void Make_WithFaults_NamesWhatWasSkippedAndCountsTheRest()
    {
        var coco = SmallCoco.CatsAndDogs().Image(1, "good.jpg").Image(2, "gone.jpg").Image(3, "line.jpg")
            .Annotation(1, 17, SmallCoco.Box(0, 0, 6, 8)).Annotation(3, 3, "[[1,1,2,2]]").Annotation(9, 3, SmallCoco.Box(0, 0, 1, 1));
        coco.Write(_temp, "annotations/instances_train.json", "train");
        File.Delete(_temp.File("train/gone.jpg"));
        SmallCoco.CatsAndDogs().Image(1, "v.jpg").Write(_temp, "annotations/instances_val.json", "elsewhere/val");

        var preview = PreviewMaker.Make(DatasetCatalog.OpenFolder(_temp.Path));

        Assert.Equal(0.5, preview.Classes[1].Splits[0].PixelShare);
        Assert.Contains("none of them lies in", preview.Splits[1].Problem, StringComparison.Ordinal);
        Assert.Contains(preview.Skipped, problem => problem.Message == "has a split, val, that cannot be read");
        Assert.Contains(preview.Skipped, problem => problem.File == _temp.File("train/gone.jpg") && problem.Message == "is missing");
        Assert.Contains(preview.Skipped,
            problem => problem.Message.StartsWith("gives line a mask that cannot be drawn: it has an annotation at byte", StringComparison.Ordinal));
        Assert.Contains(preview.Skipped, problem => problem.Message == "has an annotation (3) of the image 9, which it does not list");
    }

    [Fact]
    public void Make_WithThousandsOfFaults_IsBounded()
    {
        SmallVoc.Add(_temp, "a", ["cat"]);
        SmallVoc.List(_temp, "train", ["a", .. Enumerable.Range(0, 1000).Select(i => $"bad entry {i} x")]);
        var preview = PreviewMaker.Make(DatasetCatalog.OpenFolder(_temp.Path));
        Assert.Equal(51, preview.Skipped.Count);
        Assert.Equal("has 950 more problems", preview.Skipped[^1].Message);
    }

    [Fact]
    public void Make_Cancelled_Stops()
    {
        SmallVoc.Add(_temp, "a", ["cat"], [8]);
        SmallVoc.List(_temp, "train", "a");
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => PreviewMaker.Make(DatasetCatalog.OpenFolder(_temp.Path), cancellation: cancel.Token));
    }

    private sealed class Recorder(List<WorkProgress> done) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            lock (done)
                done.Add(value);
        }
    }
}
