using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Datasets.Voc;
using Dashboard.Backend.Images;

namespace Dashboard.Tests.Datasets.Cooccurrence;

public sealed class CooccurrenceWorldTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Make_OfASeed_HasTheStatisticsOfTheDesign()
    {
        var samples = Make("world", train: 400, seed: 3).Samples("train");
        double pixels = 0, objects = 0, parts = 0, stuff = 0, ownStuff = 0;
        var perClass = new int[8];
        foreach (var sample in samples)
        {
            var labels = Map(sample, "SegmentationClass");
            var partMap = Map(sample, "Parts");
            var stuffMap = Map(sample, "Stuff");
            pixels += labels.Length;
            objects += labels.Count(label => label > 0);
            parts += partMap.Count(part => part > 0);
            stuff += stuffMap.Count(label => label > 0);
            ownStuff += sample.Tags.Contains(stuffMap.Max() - 1) ? 1 : 0;
            foreach (var tag in sample.Tags)
                perClass[tag]++;
        }
        Assert.InRange(objects / pixels, 0.19, 0.22);
        Assert.InRange(parts / objects, 0.18, 0.22);
        Assert.InRange(stuff / pixels, 0.53, 0.60);
        Assert.InRange(samples.Count(sample => sample.Tags.Count == 2) / 400.0, 0.20, 0.31);
        // 88 % on purpose, and one or two in eight of the rest by chance.
        Assert.InRange(ownStuff / 400, 0.86, 0.94);
        Assert.All(perClass, count => Assert.InRange(count, 40, 90));
    }

    [Fact]
    public void Make_OfAnyImage_KeepsItsMapsConsistent()
    {
        foreach (var sample in Make("world", train: 100).Samples("train"))
        {
            var labels = Map(sample, "SegmentationClass");
            Assert.Equal(sample.Tags.Select(tag => (byte)(tag + 1)), labels.Where(label => label > 0).Distinct().Order());
            Assert.All(labels.Zip(Map(sample, "Parts")), pixel => Assert.True(pixel.Second == 0 || pixel.First > 0, "a part lies on an object"));
            Assert.All(labels.Zip(Map(sample, "Stuff")),
                pixel => Assert.True(pixel.Second == 0 || pixel.First == 0, "visible stuff lies on no object"));
            Assert.True(Map(sample, "Stuff").Distinct().Count() <= 2, "an image has one stuff");
        }
    }

    /// <summary>What the leaderboard keeps apart; the standard world's name alone says all.</summary>
    [Theory]
    [InlineData(0, 96, 2, "")]
    [InlineData(0, 96, 1, "")]
    [InlineData(5, 96, 1, "seed 5")]
    [InlineData(5, 32, 1, "seed 5, 32 px")]
    public void Variant_OfAWorld_TellsItFromTheStandardOne(long seed, int size, int train, string variant)
    {
        Assert.Equal(variant, CooccurrenceWorld.Make(_temp.File("world"), train, val: 1, seed: seed, size: size).Variant);
        Assert.Equal(variant, DatasetCatalog.OpenFolder(_temp.File("world")).Variant);
        Assert.Equal(variant == "" ? null : $"{variant}, version 2",
            (DatasetManifest.Read(_temp.File("world"))! with { Version = variant == "" ? 1 : 2,
            Kind = variant == "" ? null : "cooccurrence" }).Variant);
    }

    [Fact]
    public void Make_OfALongerSet_BeginsWithTheShorterOne()
    {
        Make("short", train: 5, val: 3, captions: 4);
        Make("long", train: 9, val: 6, captions: 8);
        var files = Directory.EnumerateFiles(_temp.File("short"), "*", SearchOption.AllDirectories).Where(path =>
            Path.GetExtension(path) is ".jpg" or ".png" or ".xml").ToArray();
        Assert.Equal(8 * 5 + 4, files.Length);
        Assert.All(files, path => Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path.Replace("/short/", "/long/"))));
        Assert.Equal(File.ReadAllLines(_temp.File("short", "Captions/captions.tsv")),
            File.ReadAllLines(_temp.File("long", "Captions/captions.tsv")).Take(4));
    }

    [Fact]
    public void Make_OfAnotherSeed_DrawsOtherImages()
    {
        var first = Make("first", train: 1, seed: 1).Samples("train")[0];
        var second = Make("second", train: 1, seed: 2).Samples("train")[0];
        Assert.NotEqual(File.ReadAllBytes(first.ImagePath), File.ReadAllBytes(second.ImagePath));
    }

    [Fact]
    public void MakeCaptions_WorldMadeWithout_DrawsThoseItWouldHaveBeenMadeWith()
    {
        Make("with", train: 1, captions: 5);
        var without = Make("without", train: 2);
        var manifest = DatasetManifest.Read(without.Root)!;

        var folder = CooccurrenceWorld.MakeCaptions(without.Root, manifest, count: 9);

        var lines = File.ReadAllLines(Path.Combine(folder, "captions.tsv"));
        Assert.Equal(9, lines.Length);
        Assert.Equal(File.ReadAllLines(_temp.File("with", "Captions/captions.tsv")), lines.Take(5));
        Assert.Equal(File.ReadAllBytes(_temp.File("with", "Captions/images/000004.jpg")),
            File.ReadAllBytes(Path.Combine(folder, "images/000004.jpg")));
        // It is still the same data set, and they are not drawn again.
        Assert.Equal(without.Root, Make("without", train: 2).Root);
        var written = File.GetLastWriteTimeUtc(Path.Combine(folder, "captions.tsv"));
        CooccurrenceWorld.MakeCaptions(without.Root, manifest);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(folder, "captions.tsv")));
    }

    [Fact]
    public void MakeCaptions_Stopped_LeavesNothingBehind()
    {
        var world = Make("world", train: 1);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            CooccurrenceWorld.MakeCaptions(world.Root, DatasetManifest.Read(world.Root)!, cancellation: stop.Token));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(world.Root), path => path.Contains("Captions"));
    }

    [Fact]
    public void Make_WithCaptions_NamesWhatIsThere()
    {
        Make("world", train: 1, captions: 200);
        var lines = File.ReadAllLines(_temp.File("world", "Captions/captions.tsv"));
        Assert.Equal(200, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains('{'));
        Assert.All(
            lines, line => Assert.Equal(new ImageSize(64, 64), ImageFile.ReadSize(_temp.File("world", "Captions/images", line.Split('\t')[0]))));
        var words = lines.SelectMany(line => line.Split('\t')[1].Split(' ')).ToHashSet();
        Assert.Superset(new HashSet<string> { "penguin", "railway", "a", "photo" }, words);
        // synthetic.md: 84 with the three special tokens.
        Assert.InRange(words.Count, 60, 81);
    }

    [Fact]
    public void Make_OverAnInterruptedGeneration_DrawsItAnew()
    {
        _temp.Write("world.partial/JPEGImages/train_000000.jpg", "half");
        var dataset = Make("world", train: 2);
        Assert.Equal(2, dataset.Samples("train").Count);
        Assert.False(Directory.Exists(_temp.File("world.partial")));
        Assert.Equal([_temp.File("world")], Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public void Make_OfASetThatIsThere_LeavesItAlone()
    {
        var image = Make("world", train: 2).Samples("train")[0].ImagePath;
        File.SetLastWriteTimeUtc(image, new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Make("world", train: 2);
        Assert.Equal(2020, File.GetLastWriteTimeUtc(image).Year);
    }

    [Fact]
    public void Make_OverAnotherFolder_RefusesAndKeepsIt()
    {
        var note = _temp.Write("world/note.txt", "mine");
        var error = Assert.Throws<DatasetException>(() => Make("world", train: 2));
        Assert.Contains(_temp.File("world"), error.Message);
        Assert.Equal("mine", File.ReadAllText(note));

        Make("other", train: 2);
        Assert.Throws<DatasetException>(() => Make("other", train: 3));
        Assert.Equal(2, VocFolder.Open(_temp.File("other")).Samples("train").Count);
    }

    [Theory]
    [InlineData(0, 96, "train")]
    [InlineData(2, 8, "size")]
    public void Make_OutOfRange_NamesTheOption(int train, int size, string option)
    {
        var error = Assert.Throws<DatasetException>(() => CooccurrenceWorld.Make(_temp.File("world"), train, size: size));
        Assert.StartsWith(option + ":", error.Message);
    }

    [Fact]
    public void Make_Cancelled_LeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Progress(_ => cancel.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() =>
            CooccurrenceWorld.Make(_temp.File("world"), train: 2000, val: 0, progress: progress, cancellation: cancel.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public async Task Make_TwiceAtOnce_GeneratesOnce()
    {
        var reports = new System.Collections.Concurrent.ConcurrentQueue<WorkProgress>();
        var datasets = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            CooccurrenceWorld.Make(_temp.File("world"), train: 64, val: 0, progress: new Progress(reports.Enqueue)))));
        Assert.All(datasets, dataset => Assert.Equal(64, dataset.Samples("train").Count));
        Assert.Single(reports, report => report == new WorkProgress("train images", 64, 64));
    }

    private sealed class Progress(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }

    private VocFolder Make(string folder, int train, int val = 0, int captions = 0, long seed = 0) =>
        CooccurrenceWorld.Make(_temp.File(folder), train, val, captions, seed);

    private static byte[] Map(Sample sample, string folder) => ImageFile.ReadLabels(sample.MaskPath!.Replace("SegmentationClass", folder)).Labels;
}
