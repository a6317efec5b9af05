using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Methods.Clims;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Pretrained;

namespace Dashboard.Tests.Methods.Clims;

/// <summary>Whole runs on a small world, judged by a CLIP of random weights.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class ClimsTrainerTests : IDisposable
{
    private const string Baseline = "baseline-run";

    private readonly TempFolder _folder = new();
    private readonly IImageDataset _world;
    private readonly ClimsOptions _small;
    private readonly MethodRuns _runs;

    public ClimsTrainerTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 10, val: 4, size: 32);
        _small = (ClimsOptions)ClimsMethod.Descriptor.Presets[0].Options with
        {
            Epochs = 2,
            BatchSize = 4,
            CropSize = 32,
            ResizeLongMin = 32,
            ResizeLongMax = 32,
            SnapshotImages = 2,
            PromptTemplate = "{}",
            CbsThreshold = -1,
            ClassBackgrounds =
                new Dictionary<string, IReadOnlyList<string>> { ["boat"] = ["sea"], ["train"] = ["track", "rails"], ["penguin"] = ["ice"] },
            Clip = SmallClip.Write(_folder.File("clip")),
            PairsAtOnce = 3,
            TensorThreads = 1,
        };
        var baseline = (CamOptions)CamMethod.Descriptor.Presets[0].Options with { Epochs = 1, BatchSize = 4, CropSize = 32, ResizeLongMin = 32,
            ResizeLongMax = 32, SnapshotImages = 0, TensorThreads = 1 };
        new MethodRuns(_folder, CamMethod.Descriptor, () => new CamTrainer()).Execute(baseline, _world, Baseline);
        _runs = Runs(new Dictionary<string, string> { [ClimsMethod.Baseline] = Baseline });
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Execute_FromABaselineRun_ReportsTermsSharesPicturesCheckpointsAndScores()
    {
        var run = _runs.Execute(_small, _world);

        Assert.Equal([1, 2, 3, 4], _runs.Metrics("loss").Select(metrics => metrics.Step));
        foreach (var term in (string[])["OTM", "BTM", "CBS", "REG"])
        {
            Assert.Equal(4, _runs.Metrics($"loss term/{term}").Count);
            Assert.Equal([2, 4], _runs.Metrics($"epoch/loss term/{term}").Select(metrics => metrics.Step));
        }
        var values = _runs.Metrics("loss")[0].Values;
        Assert.Equal(
            _small.OtmWeight * values["loss term/OTM"] + _small.BtmWeight * values[
                "loss term/BTM"] + _small.CbsWeight * values["loss term/CBS"] + _small.RegWeight * values["loss term/REG"],
            values["loss"], 1e-3);
        Assert.Equal(_small.OtmWeight * values["loss term/OTM"] / values["loss"], values["loss share/OTM"], 1e-5);
        Assert.Equal([0, 1, 2], _runs.Events.OfType<RunSnapshot>().Select(snapshot => snapshot.Epoch));
        Assert.All(_runs.Events.OfType<RunSnapshot>().SelectMany(snapshot => snapshot.Panels),
            panel => Assert.True(File.Exists(run.File(panel.File)), panel.File));
        Assert.Equal([1, 2], _runs.Events.OfType<RunCheckpoint>().Select(checkpoint => checkpoint.Epoch));
        Assert.Equal(["CLIMS", "CLIMS"],
            _runs.Events.OfType<RunEvaluated>().Where(evaluated => !evaluated.Reference).Select(evaluated => evaluated.Row));
        Assert.Contains(_runs.Events.OfType<RunLog>(),
            log => log.Message.EndsWith($"It is the network of run {Baseline} after epoch 1.", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_Twice_GivesTheSameCurvesAndLeavesNoTensorBehind()
    {
        var (before, curves) = (_runs.TensorsLeftBy(_small, _world), _runs.Curves());

        _runs.Execute(_small, _world);
        Assert.Equal(curves, _runs.Curves());
        Assert.Equal(before, _runs.TensorsLeftBy(_small with { Epochs = _small.Epochs + 1 }, _world));
    }

    [Fact]
    public void Execute_ResumedAfterAnEpoch_GoesOnBitForBit()
    {
        _runs.Execute(_small, _world);
        var undisturbed = _runs.Curves();

        var run = _runs.Execute(_small, _world, stopAfter: next => next is RunCheckpoint);
        var before = _runs.Curves();
        // The network comes from the run's own checkpoint: the baseline may be gone.
        Directory.Delete(_folder.File("runs", Baseline), recursive: true);
        _runs.Resume(run, _small, _world);

        Assert.Equal(undisturbed, [.. before, .. _runs.Curves()]);
        Assert.DoesNotContain(_runs.Events.OfType<RunSnapshot>(), snapshot => snapshot.Epoch == 0);
    }

    [Fact]
    public void Execute_NothingToStartFrom_SaysWhatToChoose()
    {
        var error = Assert.Throws<InvalidRunException>(() => Runs(new Dictionary<string, string>()).Execute(_small, _world));
        Assert.Contains("choose a CAM baseline run, or give the path of a checkpoint", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_BaselineWhoseCheckpointIsDamaged_SaysSoAndNamesTheRun()
    {
        var file = _folder.File("runs", Baseline, "checkpoints/epoch-0001/model.safetensors");
        var bytes = File.ReadAllBytes(file);
        bytes[^3] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Contains($"The run {Baseline} has no complete checkpoint",
            Assert.Throws<InvalidRunException>(() => _runs.Execute(_small, _world)).Message, StringComparison.Ordinal);
        Assert.Contains(_runs.Events.OfType<RunLog>(),
            log => log.Level == "warning" && log.Message.Contains("model.safetensors has changed since it was written", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_BaselineWithoutCheckpoint_NamesTheRun()
    {
        Directory.Delete(_folder.File("runs", Baseline, "checkpoints"), recursive: true);
        Assert.Contains($"The run {Baseline} has no complete checkpoint",
            Assert.Throws<InvalidRunException>(() => _runs.Execute(_small, _world)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classifier.weight")]
    [InlineData("backbone.layer3.0.conv2.weight")]
    public void Execute_CheckpointWithoutATensor_NamesIt(string missing)
    {
        var error = Assert.Throws<CheckpointException>(() => _runs.Execute(_small with { Checkpoint = CheckpointWithout(missing) }, _world));
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_CheckpointOfOtherClasses_NamesTheShapes()
    {
        var path = Checkpoint(tensors => tensors["classifier.weight"] = TensorData.Of(new float[20 * 512], 20, 512, 1, 1));
        var error = Assert.Throws<CheckpointException>(() => _runs.Execute(_small with { Checkpoint = path }, _world));
        Assert.Contains("'classifier.weight' has the shape [20, 512, 1, 1], but the network needs [8, 512, 1, 1]", error.Message,
            StringComparison.Ordinal);
    }

    /// <summary>The camera-ready network: a head that no baseline has, and norms that do not learn.</summary>
    [Fact]
    public void Execute_AsPublished_StartsTheHeadAnewAndSaysSo()
    {
        var run =
            _runs.Execute(_small with { Epochs = 1, Head = ClimsHead.Bottleneck, StrictCheckpoint = false, LearnBatchNorm = false,
                Normalisation = PixelNormalisation.Clip, Schedule = RateSchedule.Cosine }, _world);

        var start = Assert.Single(_runs.Events.OfType<RunLog>(), log => log.Message.Contains("start at random", StringComparison.Ordinal)).Message;
        Assert.Contains("bottleneck.conv1.weight", start, StringComparison.Ordinal);
        Assert.DoesNotContain("backbone", start[start.IndexOf("tensors are not in it", StringComparison.Ordinal)..], StringComparison.Ordinal);
        using var before = CheckpointFile.Open(_folder.File("runs", Baseline, "checkpoints/epoch-0001/model.safetensors"));
        using var after = CheckpointFile.Open(run.File("checkpoints/epoch-0001/model.safetensors"));
        Assert.Equal(before["backbone.layer4.0.bn3.weight"].ToFloats(), after["backbone.layer4.0.bn3.weight"].ToFloats());
        Assert.NotEqual(before["backbone.layer4.0.conv3.weight"].ToFloats(), after["backbone.layer4.0.conv3.weight"].ToFloats());
        // One channel more than there are classes.
        Assert.Equal([9, 512, 1, 1], after["classifier.weight"].Shape);
    }

    [Fact]
    public void Execute_PromptsOfOtherClasses_WarnsOfThem()
    {
        _runs.Execute(
            _small with { Epochs = 1, WeightedClasses = ["sofa"],
                ClassWords = new Dictionary<string, IReadOnlyList<string>> { ["person"] = ["man"], ["boat"] = ["ship", "boat"] } }, _world);

        var warning = Assert.Single(_runs.Events.OfType<RunLog>(),
            log => log.Level == "warning" && log.Message.Contains("no effect", StringComparison.Ordinal)).Message;
        Assert.Contains("person, sofa", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("boat", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_NoBackgroundPrompts_HasNoCbs()
    {
        _runs.Execute(_small with { Epochs = 1, ClassBackgrounds = new Dictionary<string, IReadOnlyList<string>>() }, _world);
        Assert.All(_runs.Metrics("loss term/CBS"), metrics => Assert.Equal(0, metrics.Values["loss term/CBS"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    public void Execute_BatchesWithAnyNumberOfTags_StayFinite(int tags)
    {
        _runs.Execute(_small with { RegOfPresentClasses = true }, new Retagged(_world, tags));

        Assert.All(_runs.Events.OfType<RunMetrics>().SelectMany(metrics => metrics.Values),
            value => Assert.True(double.IsFinite(value.Value), value.Key));
        Assert.Equal(tags == 0, _runs.Metrics("loss").All(metrics => metrics.Values["loss"] == 0));
    }

    [Fact]
    public void Execute_InBfloat16_StaysNearFloat32() =>
        NarrowTraining.AssertNear(_runs, _small, _small with { Precision = Precision.Bfloat16 }, _world);

    [Fact]
    public void Execute_Float16OnTheCpu_NamesTheOption()
    {
        var error = Assert.Throws<InvalidRunException>(() => _runs.Execute(_small with { ClipPrecision = ClipPrecision.Float16 }, _world));
        Assert.Equal("clipPrecision", error.Failures[0].Option);
    }

    [Fact]
    public void DryRun_WithoutABaseline_EstimatesAllSteps()
    {
        var report = Runs(new Dictionary<string, string>()).DryRun(_small, _world);
        Assert.Equal(4, report.Steps);
        Assert.True(report is { SecondsPerStep: > 0, EstimatedSeconds: > 0 });
    }

    private MethodRuns Runs(Dictionary<string, string> inputs) => new(_folder, ClimsMethod.Descriptor, () => new ClimsTrainer()) { Inputs = inputs };

    private string CheckpointWithout(string name) => Checkpoint(tensors => tensors.Remove(name));

    /// <summary>The baseline's checkpoint, changed.</summary>
    private string Checkpoint(Action<Dictionary<string, TensorData>> alter)
    {
        using var file = CheckpointFile.Open(_folder.File("runs", Baseline, "checkpoints/epoch-0001/model.safetensors"));
        var tensors = file.Tensors.ToDictionary();
        alter(tensors);
        SafetensorsFile.Write(_folder.File("altered.safetensors"), tensors);
        return _folder.File("altered.safetensors");
    }

    /// <summary>The same images, each tagged with the first few classes.</summary>
    private sealed class Retagged(IImageDataset dataset, int tags) : IImageDataset
    {
        public string Name => dataset.Name;
        public string Root => dataset.Root;
        public ClassSet Classes => dataset.Classes;
        public IReadOnlyList<string> Splits => dataset.Splits;
        public IReadOnlyList<Sample> Samples(string split) =>
            [.. dataset.Samples(split).Select(sample => sample with { Tags = [.. Enumerable.Range(0, tags)] })];
    }
}
