using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Import;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Import;

[Collection(LibtorchCollection.Name)]
public sealed class ImportRunTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IImageDataset _world;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly MethodRuns _runs;
    private readonly ImportOptions _options;

    public ImportRunTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 5, val: 2, size: 32);
        _samples = _world.Samples("train");
        _runs = new(_folder, ImportMethod.Descriptor, () => new ImportRun());
        _options = new ImportOptions { Folder = _folder.File("labels"), SnapshotImages = 2 };
        Directory.CreateDirectory(_options.Folder);
        foreach (var sample in _samples)
            File.Copy(sample.MaskPath!, PathOf(sample));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Execute_TheTruthItself_IsPerfectAndRankedAsAPseudoLabel()
    {
        var run = _runs.Execute(_options, _world);

        var evaluated = Assert.Single(_runs.Events.OfType<RunEvaluated>());
        Assert.Equal(1, evaluated.Miou);
        Assert.Equal(
            (Protocol.Stages.PseudoLabel, "train", Protocol.TagsGiven, Protocol.NoThreshold, _samples.Count),
            (evaluated.Protocol.Stage, evaluated.Protocol.Split, evaluated.Protocol.Tags, evaluated.Protocol.ThresholdSource,
                evaluated.Protocol.Images));
        Assert.Equal("Co-occurrence world (32 px)", evaluated.Protocol.DatasetTitle);
        Assert.Equal(_samples.Select(sample => $"{sample.Id}.png").Order(), Directory.GetFiles(run.Masks).Select(Path.GetFileName).Order());
        Assert.Equal(["image", "truth", "mask", "image", "truth", "mask"],
            _runs.Events.OfType<RunSnapshot>().Single().Panels.Select(panel => panel.Kind));
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);
    }

    [Fact]
    public void Execute_GrayMapsOfBackground_ScoreBackgroundOnly()
    {
        foreach (var sample in _samples)
            ImageFile.WritePng(PathOf(sample), new ImageBuffer(32, 32, 1, new byte[32 * 32]));

        _runs.Execute(_options with { Stage = LabelMapStage.SegmentationNetwork, TagsGiven = false, Crf = true }, _world);

        var evaluated = Assert.Single(_runs.Events.OfType<RunEvaluated>());
        var background = _samples.SelectMany(sample =>
            ImageFile.ReadLabels(sample.MaskPath!).Labels).Where(label => label != LabelMap.Ignore).ToList();
        Assert.Equal(background.Count(label => label == LabelMap.Background) / (double)background.Count, evaluated.PerClass[0]!.Value, 12);
        Assert.All(evaluated.PerClass.Skip(1), iou => Assert.True(iou is null or 0));
        Assert.Equal((Protocol.Stages.SegmentationNetwork, true, Protocol.TagsUnknown),
            (evaluated.Protocol.Stage, evaluated.Protocol.Crf, evaluated.Protocol.Tags));
    }

    [Fact]
    public void Execute_MissingFiles_AreCountedAndNamedBeforeAnythingIsTaken()
    {
        File.Delete(PathOf(_samples[1]));

        var error = Assert.Throws<InvalidDataException>(() => _runs.Execute(_options, _world, id: "run"));

        Assert.Contains($"no label map of 1 of the 5 images of the split 'train': {_samples[1].Id}. Choose the split", error.Message);
        Assert.False(Directory.Exists(_folder.File("runs", "run", "masks")));
    }

    [Fact]
    public void Execute_FaultyFiles_AreAllNamedAndAResumeTakesTheMendedOnes()
    {
        ImageFile.WriteLabels(PathOf(_samples[0]), new LabelMap(16, 32, new byte[16 * 32]));
        ImageFile.WriteLabels(PathOf(_samples[1]), new LabelMap(32, 32, [.. Enumerable.Repeat((byte)77, 32 * 32)]));
        File.WriteAllText(PathOf(_samples[2]), "no picture");

        var error = Assert.Throws<InvalidDataException>(() => _runs.Execute(_options, _world, id: "run"));

        Assert.StartsWith("folder: 3 of the 5 files are not label maps of their images", error.Message);
        Assert.Contains($"{PathOf(_samples[0])} is 16x32 pixels, but its image is 32x32.", error.Message);
        Assert.Contains($"{PathOf(_samples[1])} has the labels 77, but {_world.Name} has only 0 to {_world.Classes.Count}, and 255.", error.Message);
        Assert.Contains(PathOf(_samples[2]), error.Message);
        Assert.DoesNotContain(_runs.Events, happened => happened is RunEvaluated);

        foreach (var sample in _samples.Take(3))
            File.Copy(sample.MaskPath!, PathOf(sample), overwrite: true);
        _runs.Resume(new(_folder.File("runs", "run")), _options, _world);
        Assert.Equal(1, _runs.Events.OfType<RunEvaluated>().Single().Miou);
    }

    [Fact]
    public void Execute_MapsDrawnInBlackAndWhite_AreRefused()
    {
        foreach (var sample in _samples)
            ImageFile.WriteLabels(PathOf(sample), new LabelMap(32, 32, [.. Enumerable.Range(0, 32 * 32).Select(i => (byte)(255 * (i % 2)))]));

        var error = Assert.Throws<InvalidDataException>(() => _runs.Execute(_options, _world));

        Assert.StartsWith($"folder: {_options.Folder} has no labels but 0 and 255 in all of its 5 images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DryRun_OfAFolder_CountsItsImages() => Assert.Equal(5, _runs.DryRun(_options, _world).Steps);

    [Fact]
    public void Options_WithoutAFolder_AskForOne() =>
        Assert.Equal("folder: give the folder that holds the label maps.", Assert.Single(ImportMethod.Descriptor.Schema.Read([], out _)).Message);

    private string PathOf(Sample sample) => Path.Combine(_options.Folder, sample.Id + ".png");
}
