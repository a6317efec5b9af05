using Dashboard.Backend.Datasets;
using Dashboard.Backend.Methods.Nsrom;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Nsrom;

[Collection(LibtorchCollection.Name)]
public sealed class NsromTrainerTests : IDisposable
{
    private static readonly NsromOptions Options = NsromWorld.Classification;

    private readonly NsromWorld _world = new();
    private readonly MethodRuns _runs;

    public NsromTrainerTests() => _runs = _world.Classifiers;

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Execute_SmallRun_LeavesNetworkMapsAndAccumulatedMapsOfEveryTag()
    {
        var run = _runs.Execute(Options, _world.Data);

        // Eight images in steps of three: the last step of an epoch has two.
        Assert.Equal(9, _runs.Metrics("loss").Count);
        // A tenth of the learning rate from the third epoch on.
        Assert.Equal([.. Enumerable.Repeat(2e-3, 6), .. Enumerable.Repeat(2e-4, 3)],
            _runs.Metrics("learning rate").Select(metrics => metrics.Values["learning rate"]));
        Assert.Equal(12, Directory.GetFiles(run.Cams).Length);
        Assert.Equal(["val", "train"],
            _runs.Events.OfType<RunEvaluated>().Where(row => !row.Reference).Select(row => row.Protocol.Split).Distinct());
        Assert.All(_runs.Events.OfType<RunEvaluated>().Where(row => !row.Reference),
            row => Assert.Equal(("NSROM CAM", Protocol.Stages.SeedCam, null), (row.Row, row.Protocol.Stage, row.Protocol.Supervision)));
        Assert.Equal([1, 2, 3], _runs.Events.OfType<RunSnapshot>().Select(snapshot => snapshot.Epoch));
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);

        var accumulated = AccumulatedOf(run);
        foreach (var sample in _world.Data.Samples("train"))
            Assert.All(sample.Tags, k => Assert.Equal((4, 4), (accumulated.Find(sample.Id, k)!.Width, accumulated.Find(sample.Id, k)!.Height)));
        Assert.Equal(_world.Data.Samples("train").Sum(sample => sample.Tags.Count), accumulated.All.Count());
        Assert.Equal(
            [new Artifact(ArtifactKind.Network), new(ArtifactKind.SoftMaps, "train"), new(ArtifactKind.SoftMaps, "val"),
                new(ArtifactKind.AccumulatedMaps, "train")],
            Options.Produces());
    }

    /// <summary>In small steps, for in large ones what is rounded grows; BatchNorm over two or three images makes much of it as it is.</summary>
    [Fact]
    public void Execute_InBfloat16_StaysNearFloat32()
    {
        var single = Options with { LearningRate = Options.LearningRate / 10 };
        NarrowTraining.AssertNear(_runs, single, single with { Precision = Precision.Bfloat16 }, _world.Data, tolerance: 0.1);
    }

    /// <summary>Stopped in the middle of the third epoch, when half of it has been accumulated.</summary>
    [Fact]
    public void Resume_WithinAnEpochsAccumulation_GoesOnBitForBit()
    {
        var whole = _runs.Execute(Options, _world.Data);
        var (curves, scores) = (_runs.Curves(), _runs.Scores());

        var run = _runs.Execute(Options, _world.Data, stopAfter: next => next is RunMetrics { Step: 8 });
        var before = _runs.Curves().Where(value => int.Parse(value.Split(' ')[0]) <= 6);
        _runs.Resume(run, Options, _world.Data);

        Assert.Equal(curves, [.. before, .. _runs.Curves()]);
        Assert.Equal(scores, _runs.Scores());
        Assert.Equal(Accumulated(whole), Accumulated(run));
        foreach (var path in Directory.GetFiles(whole.Cams))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(run.Cams, Path.GetFileName(path))));
    }

    [Fact]
    public void Resume_WithinTheMaps_KeepsWhatIsThere()
    {
        var run = _runs.Execute(Options, _world.Data);
        var scores = _runs.Scores();
        var lost = Directory.GetFiles(run.Cams).Order().Last();
        var bytes = File.ReadAllBytes(lost);
        File.Delete(lost);
        _runs.Resume(run, Options, _world.Data);
        Assert.Equal(bytes, File.ReadAllBytes(lost));
        Assert.Equal(scores, _runs.Scores());
    }

    /// <summary>The eight classes of the world do not all occur among eight images; here none of three of them does.</summary>
    [Fact]
    public void Execute_ImagesWithoutTagsAndClassesThatNeverOccur_StayFinite()
    {
        var sparse = new Retagged(_world.Data, sample => sample.Id == _world.Data.Samples("train")[0].Id ? [] : [.. sample.Tags.Where(k => k < 5)]);
        _runs.Execute(Options, sparse);
        Assert.All(_runs.Metrics("loss"), metrics => Assert.True(double.IsFinite(metrics.Values["loss"])));
        Assert.All(_runs.Events.OfType<RunEvaluated>(), row => Assert.InRange(row.Miou, 0, 1));
    }

    [Fact]
    public void Execute_GraphAsPublishedAndSgd_TrainsToo()
    {
        _runs.Execute(Options with { Reasoning = GraphReasoning.AsPublished, Optimizer = NsromOptimizerKind.Sgd, LearningRate = 1e-3 }, _world.Data);
        Assert.All(_runs.Metrics("loss"), metrics => Assert.InRange(metrics.Values["loss"], 0, 20));
    }

    [Fact]
    public void Execute_FromPublishedResNetWeights_SaysWhatItTook()
    {
        var weights = Path.Combine(AppContext.BaseDirectory, "Models", "Files", "resnet-basic.pth");
        _runs.Execute(Options with { Network = NsromNetwork.Auto, Checkpoint = weights, Epochs = 2, BatchNorm = BatchNormMode.Fixed }, _world.Data);
        Assert.Contains(_runs.Events.OfType<RunLog>(),
            log => log.Message.Contains($"Initialised the backbone from {weights}", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_Twice_LeavesNoTensorBehind() =>
        Assert.Equal(_runs.TensorsLeftBy(Options with { Epochs = 2 }, _world.Data), _runs.TensorsLeftBy(Options with { Epochs = 4 }, _world.Data));

    [Fact]
    public void DryRun_SmallRun_EstimatesAllSteps() => Assert.Equal(9, _runs.DryRun(Options, _world.Data).Steps);

    [Fact]
    public void Options_ThatCannotBe_AreNamed()
    {
        Assert.Equal("epochs", Assert.Single((Options with { Epochs = 1 }).Validate()).Option);
        Assert.Equal("checkpoint", Assert.Single((Options with { Network = NsromNetwork.Auto }).Validate()).Option);
    }

    private static OnlineAccumulation AccumulatedOf(RunFolder run)
    {
        var maps = new OnlineAccumulation();
        new AccumulatedMaps(maps).Load(Directory.GetDirectories(run.Checkpoints).Order().Last());
        return maps;
    }

    private static List<string> Accumulated(RunFolder run) =>
        [.. AccumulatedOf(run).All.Select(entry => $"{entry.Image} {entry.Class} {Convert.ToHexString(entry.Map.Values)}")];
}

/// <summary>A data set whose images have other tags.</summary>
internal sealed class Retagged(IImageDataset images, Func<Sample, IReadOnlyList<int>> tags) : IImageDataset
{
    public string Name => images.Name;
    public string Root => images.Root;
    public string? Variant => images.Variant;
    public Dashboard.Domain.Datasets.ClassSet Classes => images.Classes;
    public IReadOnlyList<string> Splits => images.Splits;

    public IReadOnlyList<Sample> Samples(string split) => [.. images.Samples(split).Select(sample => sample with { Tags = tags(sample) })];
}
