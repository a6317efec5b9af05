using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Irn;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods.Refinement;

namespace Dashboard.Tests.Methods.Irn;

[Collection(LibtorchCollection.Name)]
public sealed class IrnTrainerTests : IDisposable
{
    private static readonly IrnOptions Small = (IrnOptions)IrnMethod.Descriptor.Presets[0].Options with
    {
        Epochs = 2,
        BatchSize = 4,
        CropSize = 32,
        LearningRate = 0.1,
        PairRadius = 3,
        WalkRadius = 3,
        LogSteps = 4,
        WalkScale = 1,
        SnapshotImages = 1,
        TensorThreads = 1,
    };

    private readonly TinyWorld _world = new();
    private readonly IrnOptions _options;
    private readonly MethodRuns _runs;

    public IrnTrainerTests()
    {
        _world.TrainCam();
        // A network to read boundaries of; the maps are the truth's.
        _options = Small with { Checkpoint = _world.Folder.File("runs", TinyWorld.Cam, "checkpoints/epoch-0001/model.safetensors") };
        _runs = Runs(TinyWorld.Truth);
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Execute_InBfloat16_StaysNearFloat32() =>
        NarrowTraining.AssertNear(_runs, _options, _options with { Precision = Precision.Bfloat16 }, _world.Data);

    [Fact]
    public void Execute_MapsNearTheTruth_LeavesLabelsMapsAndNetworkAndScores()
    {
        var run = _runs.Execute(_options, _world.Data);

        Assert.Equal([1, 2, 3, 4], _runs.Metrics("loss").Select(metrics => metrics.Step));
        // Pairs of every kind are found in one crop or another, and what the untrained branches say of them is moderate.
        foreach (var term in (string[])["boundary, alike", "boundary, different", "displacement, foreground", "displacement, background"])
            Assert.InRange(_runs.Metrics($"loss term/{term}").Max(metrics => metrics.Values[$"loss term/{term}"]), 1e-6, 5);
        Assert.Equal(8, Directory.GetFiles(run.File("ir_label")).Length);
        Assert.Equal(12, Directory.GetFiles(run.Masks).Length);
        Assert.Equal(12, Directory.GetFiles(run.Cams).Length);
        Assert.Equal(["val", "train"], _runs.Events.OfType<RunEvaluated>().Select(evaluated => evaluated.Protocol.Split));
        Assert.All(_runs.Events.OfType<RunEvaluated>(), evaluated =>
        {
            Assert.Equal(("IRN", Protocol.Stages.PseudoLabel, false), (evaluated.Row, evaluated.Protocol.Stage, evaluated.Protocol.Crf));
            Assert.InRange(evaluated.Miou, 0.4, 1);
        });
        Assert.Equal([0, 1, 2, 2], _runs.Events.OfType<RunSnapshot>().Select(snapshot => snapshot.Epoch));
        Assert.Contains("boundary", _runs.Events.OfType<RunSnapshot>().SelectMany(snapshot => snapshot.Panels).Select(panel => panel.Class));
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);
        using var network = CheckpointFile.Open(run.File("checkpoints/epoch-0002/model.safetensors"));
        Assert.All(network["mean_shift.running_mean"].ToFloats(), mean => Assert.NotEqual(0, mean));
    }

    [Fact]
    public void Execute_SoftMaps_GiveTheLabelsAtTheBackgroundsScore()
    {
        var run = _runs.Execute(_options, _world.Data);
        foreach (var sample in _world.Data.Samples("val"))
        {
            var maps = SoftCamFile.Read(SoftCamFile.PathOf(run.Cams, sample.Id));
            var labels = ImageFile.ReadLabels(Path.Combine(run.Masks, $"{sample.Id}.png"));
            var again = SeedLabels.FromCam(maps.Maps, maps.Classes, maps.Width, maps.Height, _options.Background);
            // Maps are stored in half floats: a pixel at the very threshold may fall on the other side.
            Assert.InRange(labels.Labels.Zip(again.Labels).Count(pair => pair.First != pair.Second), 0, 3);
        }
    }

    [Fact]
    public void Resume_AfterAnEpoch_GoesOnBitForBit()
    {
        var undisturbed = _runs.Execute(_options, _world.Data);
        var (curves, scores) = (_runs.Curves(), _runs.Scores());

        var run = _runs.Execute(_options, _world.Data, stopAfter: next => next is RunCheckpoint);
        var before = _runs.Curves();
        _runs.Resume(run, _options, _world.Data);

        Assert.Equal(curves, [.. before, .. _runs.Curves()]);
        Assert.Equal(scores, _runs.Scores());
        AssertSameFiles(undisturbed.Masks, run.Masks);
        AssertSameFiles(undisturbed.Cams, run.Cams);
    }

    [Theory]
    [InlineData("IR labels")]
    [InlineData("random walk")]
    public void Resume_WithinAStage_KeepsWhatIsThereAndGivesTheSameScores(string stage)
    {
        var undisturbed = _runs.Execute(_options, _world.Data);
        var scores = _runs.Scores();

        var run = _runs.Execute(_options, _world.Data, stopAfter: next => next is RunProgress progress && progress.Stage == stage);
        Assert.Empty(_runs.Events.OfType<RunEvaluated>());
        _runs.Resume(run, _options, _world.Data);

        Assert.Equal(scores, _runs.Scores());
        AssertSameFiles(undisturbed.Masks, run.Masks);
    }

    [Fact]
    public void Execute_Twice_LeavesNoTensorBehind()
    {
        var before = _runs.TensorsLeftBy(_options, _world.Data);
        Assert.Equal(before, _runs.TensorsLeftBy(_options with { Epochs = 3 }, _world.Data));
    }

    [Fact]
    public void Execute_ImageWithoutTags_IsAllBackground()
    {
        var sample = _world.Data.Samples("val")[0];
        SoftCamFile.Write(_world.MapOf(sample), new SoftCam(32, 32, [], []));
        var run = _runs.Execute(_options, _world.Data);
        Assert.All(ImageFile.ReadLabels(Path.Combine(run.Masks, $"{sample.Id}.png")).Labels, label => Assert.Equal(LabelMap.Background, label));
        Assert.Empty(SoftCamFile.Read(SoftCamFile.PathOf(run.Cams, sample.Id)).Classes);
    }

    [Fact]
    public void Execute_WithoutACheckpoint_TakesTheNetworkThatMadeTheMaps()
    {
        var runs = Runs(TinyWorld.Cam);
        runs.Execute(_options with { Checkpoint = "", Splits = ["val"], TrainSplit = "val", BatchSize = 2 }, _world.Data);
        Assert.Contains(runs.Events.OfType<RunLog>(),
            log => log.Message.EndsWith($"It is the network of run {TinyWorld.Cam} after epoch 1.", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_MapsMissing_NamesRunSplitAndFile()
    {
        var sample = _world.Data.Samples("train")[2];
        File.Delete(_world.MapOf(sample));
        Assert.Contains(
            $"the run {TinyWorld.Truth} has no soft maps of 1 of the 8 images of the split 'train': {sample.Id}. {_world.MapOf(sample)} is missing.",
            Assert.Throws<InvalidRunException>(() => _runs.Execute(_options, _world.Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DryRun_MakesItsLabelsInMemory()
    {
        var report = _runs.DryRun(_options, _world.Data);
        Assert.Equal(4, report.Steps);
        Assert.True(report is { SecondsPerStep: > 0, EstimatedSeconds: > 0 });
        Assert.False(Directory.Exists(_world.Folder.File("dry-run", "ir_label")));
    }

    [Theory]
    [InlineData("cropSize=94", "cropSize")]
    [InlineData("scaleMin=3", "scaleMin")]
    [InlineData("sureBackground=0.9", "sureBackground")]
    [InlineData("pairRadius=20", "pairRadius")]
    [InlineData("outputStride=12", "outputStride")]
    [InlineData("splits=val,val", "splits")]
    public void Options_ThatDoNotFit_NameTheOption(string assignment, string option)
    {
        var schema = IrnMethod.Descriptor.Schema;
        var values = schema.Write(IrnMethod.Descriptor.Presets[0].Options);
        Assert.Empty(schema.Assign(values, [assignment]));
        Assert.Equal(option, Assert.Single(schema.Read(values, out _)).Option);
    }

    [Fact]
    public void Presets_AreLegal() =>
        Assert.All(IrnMethod.Descriptor.Presets,
            preset => Assert.Empty(IrnMethod.Descriptor.Schema.Read(IrnMethod.Descriptor.Schema.Write(preset.Options), out _)));

    private static void AssertSameFiles(string expected, string actual)
    {
        Assert.Equal(Directory.GetFiles(expected).Length, Directory.GetFiles(actual).Length);
        foreach (var path in Directory.GetFiles(expected))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(actual, Path.GetFileName(path))));
    }

    private MethodRuns Runs(string maps) =>
        new(_world.Folder, IrnMethod.Descriptor, () => new IrnTrainer()) { Inputs = new Dictionary<string, string> { [IrnMethod.Maps] = maps } };
}
