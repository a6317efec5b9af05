using System.IO.Compression;
using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Coco;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Exchange;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Import;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Exchange;

/// <summary>What goes out comes back in, with the same numbers.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class RunExportTests : IDisposable
{
    private const int Side = 33;

    private readonly TempFolder _folder = new();
    private readonly IImageDataset _world;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly MethodRuns _runs;

    public RunExportTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 5, val: 2, size: Side);
        _samples = _world.Samples("train");
        _runs = new(_folder, ImportMethod.Descriptor, () => new ImportRun());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Voc_ExportedAndImported_ScoresTheSame()
    {
        var run = LabelRun();
        var miou = Score().Miou;

        Export(run, ExportFormat.Voc).Write(_folder.File("voc"));
        _runs.Execute(new ImportOptions { Folder = _folder.File("voc"), SnapshotImages = 0 }, _world);

        Assert.InRange(miou, 0.1, 0.9);
        Assert.Equal(miou, Score().Miou);
        Assert.Equal(_samples.Select(sample => sample.Id), File.ReadAllLines(_folder.File("voc", "ImageSets", "Segmentation", "train.txt")));
        foreach (var sample in _samples)
            Assert.Equal(ImageFile.ReadLabels(Path.Combine(run.Masks, $"{sample.Id}.png")).Labels,
                ImageFile.ReadLabels(_folder.File("voc", "SegmentationClass", $"{sample.Id}.png")).Labels);
        var card = JsonNode.Parse(File.ReadAllText(_folder.File("voc", "card.json")))!;
        Assert.Equal(("test", "import", "label maps", miou),
            ((string?)card["run"], (string?)card["method"], (string?)card["content"], (double)card["scores"]![0]!["miou"]!));
        Assert.Equal(["background", .. _world.Classes.Names], card["labels"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(5, (int)card["splits"]!["train"]!);
        Assert.Equal($"{_world.Classes.Names[0]}:128,0,0::", File.ReadAllLines(_folder.File("voc", "labelmap.txt"))[2]);
    }

    [Fact]
    public void Voc_AsAZip_HoldsTheFilesOfTheFolder()
    {
        var export = Export(LabelRun(), ExportFormat.Voc);
        export.Write(_folder.File("voc"));
        export.Write(_folder.File("voc.zip"));

        using var zip = ZipFile.OpenRead(_folder.File("voc.zip"));
        Assert.Equal(
            Directory.GetFiles(_folder.File("voc"), "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(_folder.File("voc"), path))
                .Order(StringComparer.Ordinal),
            zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        Assert.All(zip.Entries, entry =>
        {
            using var content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            Assert.Equal(File.ReadAllBytes(_folder.File("voc", entry.FullName)), bytes.ToArray());
        });
    }

    [Fact]
    public void Npy_ExportedAndImported_ScoresTheSameAtEveryThreshold()
    {
        var run = SoftRun();
        var scores = _runs.Events.OfType<RunEvaluated>().ToList();

        Export(run, ExportFormat.Npy).Write(_folder.File("npy"));
        var again = _runs.Execute(SoftOptions(_folder.File("npy")), _world);

        Assert.Equal(["Imported", "Imported", "all background", "centre prior"], scores.Select(score => score.Row));
        Assert.InRange(scores[0].Miou, 0.1, 0.99);
        Assert.Equal(scores.Select(score => (score.Row, score.Miou)), _runs.Events.OfType<RunEvaluated>().Select(score => (score.Row, score.Miou)));
        Assert.Equal(scores[0].Sweep, _runs.Events.OfType<RunEvaluated>().First().Sweep);
        foreach (var sample in _samples)
            Assert.Equal(File.ReadAllBytes(SoftCamFile.PathOf(run.Cams, sample.Id)), File.ReadAllBytes(SoftCamFile.PathOf(again.Cams, sample.Id)));
    }

    /// <summary>A run that has no label maps gives those of its soft maps at the threshold of its score.</summary>
    [Fact]
    public void Voc_OfSoftMaps_AreLabelsAtTheThresholdOfTheScore()
    {
        var run = SoftRun();
        var score = _runs.Events.OfType<RunEvaluated>().First();

        Export(run, ExportFormat.Voc).Write(_folder.File("voc"));
        _runs.Execute(new ImportOptions { Folder = _folder.File("voc"), SnapshotImages = 0 }, _world);

        Assert.Equal(score.Miou, Score().Miou, 12);
    }

    /// <summary>Our reader of COCO's folders draws the masks that were written.</summary>
    [Fact]
    public void Coco_ReadAsADataSet_HasTheSameMasks()
    {
        var run = LabelRun();
        Export(run, ExportFormat.Coco).Write(_folder.File("instances.json"));

        var coco = JsonNode.Parse(File.ReadAllText(_folder.File("instances.json")))!;
        Assert.Equal(_world.Classes.Names, coco["categories"]!.AsArray().Select(category => (string)category!["name"]!));
        Assert.Equal(_samples.Select(sample => Path.GetFileName(sample.ImagePath)),
            coco["images"]!.AsArray().Select(image => (string)image!["file_name"]!));
        foreach (var (number, sample) in _samples.Index())
        {
            var expected = ImageFile.ReadLabels(Path.Combine(run.Masks, $"{sample.Id}.png"));
            var drawn = new byte[Side * Side];
            foreach (var annotation in coco["annotations"]!.AsArray().Where(annotation => (int)annotation!["image_id"]! == number + 1))
            {
                var label = (byte)(int)annotation!["category_id"]!;
                var canvas = new InstanceCanvas(Side, Side);
                canvas.FillRuns(RunLengths.Parse((string)annotation["segmentation"]!["counts"]!), label);
                Assert.Equal((int)annotation["area"]!, canvas.Labels.Labels.Count(value => value == label));
                Assert.Equal(Box(canvas.Labels, label), annotation["bbox"]!.AsArray().Select(side => (int)side!));
                for (var pixel = 0; pixel < drawn.Length; pixel++)
                    drawn[pixel] = Math.Max(drawn[pixel], canvas.Labels.Labels[pixel]);
            }
            Assert.Equal(Array.ConvertAll(expected.Labels, label => label == LabelMap.Ignore ? (byte)0 : label), drawn);
        }
        Assert.Equal(
            _samples.Sum(sample => ImageFile.ReadLabels(Path.Combine(run.Masks, $"{sample.Id}.png")).Labels.Count(label => label == LabelMap.Ignore)),
            (int)coco["info"]!["undecided_pixels"]!);
    }

    [Fact]
    public void Write_WhereSomethingIs_RefusesAndLeavesIt()
    {
        var export = Export(LabelRun(), ExportFormat.Coco);
        var path = _folder.Write("mine.json", "mine");
        Directory.CreateDirectory(_folder.File("full"));
        _folder.Write("full/a", "a");

        Assert.Equal($"out: {path} is there already, and nothing is overwritten. Give another path, or remove it first.",
            Refusal(() => export.Write(path)));
        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Contains("is there already", Refusal(() => Export(new(_folder.File("runs", "labels")), ExportFormat.Voc).Write(_folder.File("full"))));
        Assert.Contains($"there is no folder {_folder.File("none")}", Refusal(() => export.Write(_folder.File("none", "a.json"))));
    }

    [Fact]
    public void Write_OfADamagedMask_LeavesNothing()
    {
        var run = LabelRun();
        File.WriteAllText(Path.Combine(run.Masks, $"{_samples[3].Id}.png"), "no picture");

        Assert.Contains(_samples[3].Id, Assert.Throws<ImageException>(() => Export(run, ExportFormat.Voc).Write(_folder.File("voc"))).Message);
        Assert.Contains(_samples[3].Id, Assert.Throws<ImageException>(() => Export(run, ExportFormat.Voc).Write(_folder.File("voc.zip"))).Message);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path),
            path => Path.GetFileName(path).StartsWith("voc", StringComparison.Ordinal));
    }

    [Fact]
    public void Prepare_OfWhatARunHasNot_SaysWhatItHas()
    {
        var run = LabelRun();

        Assert.Equal("format: the run labels leaves no soft maps: it leaves label maps of the split 'train'.",
            Refusal(() => Export(run, ExportFormat.Npy)));
        Assert.StartsWith("format: the run labels has no whole checkpoint of a network in", Refusal(() => Export(run, ExportFormat.Pth)));
        Assert.Contains("has no split 'test'. The run labels has label maps of train.", Refusal(() => Export(run, ExportFormat.Voc, "test")));
        Assert.StartsWith($"split: the run labels has no label maps of 2 of the 2 images of the split 'val': {_world.Samples("val")[0].Id}, ",
            Refusal(() => Export(run, ExportFormat.Voc, "val")));
        File.Delete(run.Events);
        Assert.StartsWith("The run labels has not finished", Refusal(() => Export(run, ExportFormat.Voc)));
    }

    private RunEvaluated Score() => _runs.Events.OfType<RunEvaluated>().First();

    private RunExport Export(RunFolder run, ExportFormat format, string? split = null) => RunExport.Prepare(run, new(format, split), _ => _world);

    private static string Refusal(Action act) => Assert.Throws<InvalidRunException>(act).Message;

    /// <summary>The truth, moved aside, with some pixels undecided.</summary>
    private RunFolder LabelRun()
    {
        Directory.CreateDirectory(_folder.File("labels"));
        foreach (var sample in _samples)
        {
            var truth = sample.ReadTruth();
            byte[] moved = [.. Enumerable.Range(0, Side * Side).Select(pixel => pixel < 40 ? LabelMap.Ignore : truth.Labels[Math.Max(0, pixel - 2)])];
            ImageFile.WriteLabels(_folder.File("labels", $"{sample.Id}.png"), new LabelMap(Side, Side, moved));
        }
        return Finished(_runs.Execute(new ImportOptions { Folder = _folder.File("labels"), SnapshotImages = 2 }, _world, id: "labels"));
    }

    private RunFolder SoftRun()
    {
        Directory.CreateDirectory(_folder.File("maps"));
        foreach (var sample in _samples)
        {
            var truth = sample.ReadTruth();
            var maps = sample.Tags.SelectMany((k, map) => truth.Labels.Select((label, pixel) => (label == k + 1 ? 0.45f : 0.25f) + pixel % 37 / 72f));
            SoftCamFile.Write(SoftCamFile.PathOf(_folder.File("maps"), sample.Id), new SoftCam(Side, Side, sample.Tags, [.. maps]));
        }
        return Finished(_runs.Execute(SoftOptions(_folder.File("maps")), _world, id: "maps"));
    }

    private static ImportOptions SoftOptions(string folder) => new() { What = ImportedThing.SoftMaps, Folder = folder, SnapshotImages = 1 };

    /// <summary>With its events in its log, as a worker leaves it.</summary>
    private RunFolder Finished(RunFolder run)
    {
        FinishedRuns.WriteLog(run, DateTimeOffset.UnixEpoch, [new RunStarted(1, "here", "cpu", "test"), .. _runs.Events, new RunFinished(1)]);
        return run;
    }

    private static int[] Box(LabelMap map, byte label)
    {
        var inside = Enumerable.Range(0, map.Labels.Length).Where(pixel =>
            map.Labels[pixel] == label).Select(pixel => (X: pixel % map.Width, Y: pixel / map.Width)).ToList();
        var (left, top) = (inside.Min(pixel => pixel.X), inside.Min(pixel => pixel.Y));
        return [left, top, inside.Max(pixel => pixel.X) - left + 1, inside.Max(pixel => pixel.Y) - top + 1];
    }
}
