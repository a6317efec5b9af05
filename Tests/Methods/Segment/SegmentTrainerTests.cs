using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Images;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods.Import;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Models;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Segment;

[Collection(LibtorchCollection.Name)]
public sealed class SegmentTrainerTests : IDisposable
{
    private const string LabelRun = "made-labels";

    private static readonly SegmentOptions Small = (SegmentOptions)SegmentMethod.Descriptor.Presets[0].Options with
    {
        Iterations = 7, BatchSize = 2, Accumulation = 2, CropSize = 33, SnapshotImages = 2, Labels = SegmentOptions.Truth,
    };

    private readonly TempFolder _folder = new();
    private readonly IImageDataset _world;
    private readonly MethodRuns _runs;

    public SegmentTrainerTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 13, val: 4, size: 32);
        _runs = Runs([]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Execute_SmallRun_ReportsStepsPicturesMasksAndAScoreWithoutTags()
    {
        var run = _runs.Execute(Small, _world);

        // 13 images in steps of 2 x 2: three steps an epoch, and the seventh step is the last.
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], _runs.Metrics("loss").Select(metrics => metrics.Step));
        Assert.Equal([3, 6, 7], _runs.Events.OfType<RunCheckpoint>().Select(checkpoint => checkpoint.Step));
        // Renewed every ten steps only.
        Assert.Single(_runs.Metrics("learning rate").Select(metrics => metrics.Values["learning rate"]).Distinct());
        Assert.Equal([1, 2, 3], _runs.Events.OfType<RunSnapshot>().Select(snapshot => snapshot.Epoch));
        Assert.All(_runs.Events.OfType<RunSnapshot>().SelectMany(snapshot => snapshot.Panels),
            panel => Assert.True(File.Exists(run.File(panel.File)), panel.File));
        Assert.Equal(_world.Samples("val").Select(sample => $"{sample.Id}.png").Order(),
            Directory.GetFiles(run.Masks).Select(Path.GetFileName).Order());
        var evaluated = Assert.Single(_runs.Events.OfType<RunEvaluated>());
        Assert.InRange(evaluated.Miou, 0, 1);
        Assert.Equal(
            (Protocol.Stages.SegmentationNetwork, "val", Protocol.TagsUnknown, Protocol.TruthMasks, true, 4),
            (evaluated.Protocol.Stage, evaluated.Protocol.Split, evaluated.Protocol.Tags, evaluated.Protocol.Supervision, evaluated.Protocol.Flip,
                evaluated.Protocol.Images));
        Assert.Contains(Protocol.TruthMasks, evaluated.Protocol.Key, StringComparison.Ordinal);
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);
    }

    /// <summary>From scratch with AdamW on two images at once, where every step amplifies a difference.</summary>
    [Fact]
    public void Execute_InBfloat16_StaysNearFloat32() =>
        NarrowTraining.AssertNear(_runs, Small with { Iterations = 3 }, Small with { Iterations = 3, Precision = Precision.Bfloat16 }, _world,
            tolerance: 0.3);

    [Theory]
    [InlineData(SegmentArchitecture.DeeplabV2, SegmentBackbone.DeeplabSmall)]
    [InlineData(SegmentArchitecture.DeeplabV3Plus, SegmentBackbone.Auto)]
    public void Execute_ResumedAfterAnEpoch_GoesOnBitForBit(SegmentArchitecture architecture, SegmentBackbone backbone)
    {
        // DeepLabV3+ has dropout, too.
        var options = Small with { Architecture = architecture, Network = backbone, Checkpoint = backbone == SegmentBackbone.Auto ? BasicResNet : "",
            Flip = false };
        var whole = _runs.Execute(options, _world);
        var (undisturbed, score) = (_runs.Curves(), _runs.Events.OfType<RunEvaluated>().Single());

        var run = _runs.Execute(options, _world, stopAfter: next => next is RunCheckpoint);
        var before = _runs.Curves();
        _runs.Resume(run, options, _world);

        Assert.Equal(undisturbed, [.. before, .. _runs.Curves()]);
        Assert.Equal(score.PerClass, _runs.Events.OfType<RunEvaluated>().Single().PerClass);
        Assert.All(Directory.GetFiles(whole.Masks),
            mask => Assert.Equal(File.ReadAllBytes(mask), File.ReadAllBytes(Path.Combine(run.Masks, Path.GetFileName(mask)))));
    }

    [Fact]
    public void Execute_ResumedAmongThePredictions_KeepsThoseThereAre()
    {
        // As a worker leaves it that was killed after the first mask.
        var run = _runs.Execute(Small, _world);
        var kept = Directory.GetFiles(run.Masks)[0];
        foreach (var mask in Directory.GetFiles(run.Masks).Where(mask => mask != kept))
            File.Delete(mask);
        var written = File.GetLastWriteTimeUtc(kept);
        _runs.Resume(run, Small, _world);

        Assert.Equal(written, File.GetLastWriteTimeUtc(kept));
        Assert.Equal(4, Directory.GetFiles(run.Masks).Length);
        Assert.Empty(_runs.Metrics("loss"));
        Assert.Single(_runs.Events.OfType<RunEvaluated>());
    }

    [Fact]
    public void Execute_OnARunsLabelMaps_LearnsFromThemAndNotFromTheMasks()
    {
        // Everything is of the third class, whatever the masks say.
        WriteLabels(_ => 3);
        var runs = Runs(new() { [SegmentMethod.LabelsRole] = LabelRun });
        runs.Execute(Small with { Labels = "", Iterations = 30 }, _world);

        var evaluated = Assert.Single(runs.Events.OfType<RunEvaluated>());
        Assert.Null(evaluated.Protocol.Supervision);
        Assert.DoesNotContain("trained on", evaluated.Protocol.Key, StringComparison.Ordinal);
        Assert.All(evaluated.PerClass.Index(), row => Assert.True(row.Index == 3 || row.Item is null or 0, $"label {row.Index}: {row.Item}"));
        Assert.Contains(runs.Events.OfType<RunLog>(), log => log.Message.Contains($"the label maps of run {LabelRun}", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_LabelMapMissing_NamesRunImageAndFileBeforeItTrains()
    {
        WriteLabels(_ => 0);
        var (run, lost) = (new DataFolder(_folder.Path).Run(LabelRun), _world.Samples("train")[4].Id);
        File.Delete(Path.Combine(run.Masks, lost + ".png"));
        var error = Assert.Throws<InvalidRunException>(() =>
            Runs(new() { [SegmentMethod.LabelsRole] = LabelRun }).Execute(Small with { Labels = "" }, _world));

        Assert.Contains($"the run {LabelRun} has no label map of 1 of the 13 images of the split 'train': {lost}", error.Message,
            StringComparison.Ordinal);
        Assert.Contains(Path.Combine(run.Masks, lost + ".png"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_LabelBeyondTheClasses_NamesRunFileLabelAndPlace()
    {
        WriteLabels(pixel => pixel == 33 ? (byte)77 : (byte)0);
        var error = Assert.Throws<DatasetException>(() =>
            Runs(new() { [SegmentMethod.LabelsRole] = LabelRun }).Execute(Small with { Labels = "" }, _world));

        Assert.Contains("has the label 77 at x 1, y 1; legal are 0 to 8, and 255", error.Message, StringComparison.Ordinal);
        Assert.Contains(LabelRun, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_WithoutLabels_SaysHowToGiveThem() =>
        Assert.Contains("--input labels=RUN", Assert.Throws<InvalidRunException>(() => _runs.Execute(Small with { Labels = "" }, _world)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Execute_OnIgnoredPixelsOnly_LearnsNothingAndStaysFinite()
    {
        WriteLabels(_ => LabelMap.Ignore);
        var runs = Runs(new() { [SegmentMethod.LabelsRole] = LabelRun });
        runs.Execute(Small with { Labels = "", Loss = SegmentLoss.BalancedCrossEntropy }, _world);
        Assert.All(runs.Metrics("loss"), metrics => Assert.Equal(0, metrics.Values["loss"]));
    }

    [Fact]
    public void Accumulation_OfHalvesWithFixedNorm_LearnsAsTheWholeBatchDoes()
    {
        // Without batch statistics and with as many labelled pixels everywhere, the mean of halves is the mean of the whole.
        var options = Small with { BatchNorm = BatchNormMode.Fixed, CropScales = [2.0], CropSize = 33, Optimizer = SegmentOptimizer.Sgd,
            LearningRate = 1e-3, Iterations = 3 };
        _runs.Execute(options with { BatchSize = 4, Accumulation = 1 }, _world);
        var whole = _runs.Metrics("loss").Select(metrics => metrics.Values["loss"]).ToList();
        _runs.Execute(options, _world);
        foreach (var (expected, actual) in whole.Zip(_runs.Metrics("loss").Select(metrics => metrics.Values["loss"])))
            Assert.Equal(expected, actual, 1e-4 * expected);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("base.", true)]
    [InlineData("module.base.", false)]
    public void Weights_OfDeeplabsOwnCode_FillTheBackboneAndTheHeadWhereItFits(string prefix, bool sameClasses)
    {
        var shape = SegmentShape.Of(Small, _world.Classes.LabelNames);
        using var trained = (sameClasses ? shape : shape with { Labels = ["background", "thing"] }).Build();
        var file = _folder.File("deeplab.safetensors");
        SafetensorsFile.Write(
            file, TensorFile.ToData(trained).ToDictionary(tensor => prefix + tensor.Key.Replace("backbone.", "", StringComparison.Ordinal),
                tensor => tensor.Value));

        Assert.Equal((true, new ResNetShape(16, [1, 1, 1, 1])), SegmentWeights.ReadShape(file));
        var read = SegmentShape.Of(Small with { Network = SegmentBackbone.Auto, Checkpoint = file }, _world.Classes.LabelNames);
        Assert.Equal((shape.Caffe, shape.Width), (read.Caffe, read.Width));
        using var net = read.Build();
        var told = SegmentWeights.Load(net, file);
        Assert.Contains(sameClasses ? "The head comes from there, too." : "8 tensors of the head are not in it", told, StringComparison.Ordinal);
        Assert.True(net.state_dict()["backbone.layer4.block1.reduce.conv.weight"]
            .allclose(trained.state_dict()["backbone.layer4.block1.reduce.conv.weight"]));
        Assert.Equal(sameClasses, sameClasses && net.state_dict()["aspp.c2.weight"].allclose(trained.state_dict()["aspp.c2.weight"]));
    }

    [Fact]
    public void Weights_OfTorchvisionForDeeplabsOwnBackbone_SayWhichIsWhich()
    {
        using var net = SegmentShape.Of(Small, _world.Classes.LabelNames).Build();
        var error = Assert.Throws<CheckpointException>(() => SegmentWeights.Load(net, BasicResNet));
        Assert.Contains("it holds torchvision's ResNet", error.Message, StringComparison.Ordinal);
        Assert.Contains("network auto", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictor_OfAFinishedRun_GivesTheMasksThatTheRunHasWritten()
    {
        var options = Small with { Crf = true, Scales = [1.0, 0.5] };
        var run = _runs.Execute(options, _world);
        using var predictor = SegmentPredictor.Open(run, LoadedLibtorch.Device("cpu"));
        Assert.Equal(_world.Classes.LabelNames, predictor.Labels);
        Assert.Equal(3, predictor.Epoch);
        foreach (var sample in _world.Samples("val"))
            Assert.Equal(ImageFile.ReadLabels(Path.Combine(run.Masks, sample.Id + ".png")).Labels,
                predictor.Predict(sample.ReadRgb(), predictor.Test).Labels);
    }

    [Fact]
    public void Predictor_OfAnotherMethodsRun_NamesIt()
    {
        var options = new ImportOptions { Folder = Path.Combine(_world.Root, "SegmentationClass"), EvaluationSplit = "val" };
        var run = new MethodRuns(_folder, ImportMethod.Descriptor, () => new ImportRun()).Execute(options, _world);
        Assert.Contains("is a run of import, which trains no segmentation network",
            Assert.Throws<InvalidDataException>(() => SegmentPredictor.Open(run, LoadedLibtorch.Device("cpu"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_Twice_LeavesNoTensorBehind() =>
        Assert.Equal(_runs.TensorsLeftBy(Small, _world), _runs.TensorsLeftBy(Small with { Iterations = 16 }, _world));

    [Fact]
    public void DryRun_SmallRun_EstimatesAllStepsAndWritesNothing()
    {
        var report = _runs.DryRun(Small, _world);
        Assert.Equal(7, report.Steps);
        Assert.True(report is { SecondsPerStep: > 0, MemoryBytes: > 10_000_000 } && report.EstimatedSeconds > report.SecondsPerStep * report.Steps);
        Assert.False(Directory.Exists(_folder.File("dry-run")));
    }

    [Fact]
    public void Options_ThatCannotBe_AreNamed()
    {
        string[] Failures(SegmentOptions options) => [.. options.Validate().Select(failure => failure.Option)];
        Assert.Equal(["labels"], Failures(Small with { Labels = "masks" }));
        Assert.Equal(["checkpoint"], Failures(Small with { Network = SegmentBackbone.Auto }));
        Assert.Equal(["network"], Failures(Small with { Architecture = SegmentArchitecture.DeeplabV3Plus }));
        Assert.Equal(["pyramidScales"], Failures(Small with { PyramidScales = [0.5] }));
        Assert.Equal(["legacyCrfGuide"], Failures(Small with { LegacyCrfGuide = true }));
        Assert.Equal([new Artifact(ArtifactKind.Network), new Artifact(ArtifactKind.LabelMaps, "val")], Small.Produces());
    }

    private static string BasicResNet => Path.Combine(AppContext.BaseDirectory, "Models", "Files", "resnet-basic.pth");

    private MethodRuns Runs(Dictionary<string, string> inputs) =>
        new(_folder, SegmentMethod.Descriptor, () => new SegmentTrainer()) { Inputs = inputs };

    /// <summary>A run's label maps of the training split.</summary>
    private void WriteLabels(Func<int, byte> labelOfPixel)
    {
        var run = new DataFolder(_folder.Path).Run(LabelRun);
        Directory.CreateDirectory(run.Masks);
        foreach (var sample in _world.Samples("train"))
            ImageFile.WriteLabels(Path.Combine(run.Masks, sample.Id + ".png"),
                new LabelMap(32, 32, [.. Enumerable.Range(0, 32 * 32).Select(labelOfPixel)]));
    }
}
