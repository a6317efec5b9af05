using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Models;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Cam;

[Collection(LibtorchCollection.Name)]
public sealed class CamTrainerTests : IDisposable
{
    private static readonly CamOptions Small = (CamOptions)CamMethod.Descriptor.Presets[0].Options with
    {
        Epochs = 2, BatchSize = 4, CropSize = 32, ResizeLongMin = 32, ResizeLongMax = 32, SnapshotImages = 2,
    };

    private readonly TempFolder _folder = new();
    private readonly IImageDataset _world;
    private readonly MethodRuns _runs;

    public CamTrainerTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 10, val: 4, size: 32);
        _runs = new(_folder, CamMethod.Descriptor, () => new CamTrainer());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Execute_SmallRun_ReportsStepsEpochsPicturesCheckpointsAndScores()
    {
        var run = Execute(Small);

        // 10 images in batches of 4: the last two are dropped.
        Assert.Equal([1, 2, 3, 4], _runs.Metrics("loss").Select(metrics => metrics.Step));
        Assert.Equal([2, 4], _runs.Metrics("epoch/loss").Select(metrics => metrics.Step));
        Assert.Equal(Small.LearningRate, _runs.Metrics("learning rate")[0].Values["learning rate"]);
        Assert.Equal([1, 2], _runs.Events.OfType<RunCheckpoint>().Select(checkpoint => checkpoint.Epoch));
        Assert.All(_runs.Events.OfType<RunSnapshot>().SelectMany(snapshot => snapshot.Panels),
            panel => Assert.True(File.Exists(run.File(panel.File)), panel.File));
        Assert.Equal(
            [("CAM", false, Protocol.SweptThreshold), ("CAM", false, Protocol.FixedThreshold), ("all background", true, Protocol.SweptThreshold),
                ("centre prior", true, Protocol.SweptThreshold)],
            _runs.Events.OfType<RunEvaluated>().Select(evaluated => (evaluated.Row, evaluated.Reference, evaluated.Protocol.ThresholdSource)));
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);
        Assert.All(_runs.Events.OfType<RunEvaluated>(), evaluated => Assert.Equal("32 px", evaluated.Protocol.Variant));
        // The built-in world knows stuff and parts.
        Assert.All(_runs.Events.OfType<RunEvaluated>().Take(2),
            evaluated => Assert.Contains(CooccurrenceMeasures.BodyRecall, evaluated.Measures!.Keys));
    }

    [Fact]
    public void Execute_ResumedAfterAnEpoch_GoesOnBitForBit()
    {
        Execute(Small);
        var undisturbed = _runs.Curves();

        var run = _runs.Execute(Small, _world, stopAfter: next => next is RunCheckpoint);
        var before = _runs.Curves();
        _runs.Resume(run, Small, _world);

        Assert.Equal(undisturbed, [.. before, .. _runs.Curves()]);
        Assert.Equal(2, Assert.Single(_runs.Events.OfType<RunResumed>()).Step);
    }

    [Fact]
    public void Execute_InBfloat16_StaysNearFloat32AndResumesBitForBit()
    {
        var narrow = Small with { Precision = Precision.Bfloat16 };
        NarrowTraining.AssertNear(_runs, Small, narrow, _world);
        var undisturbed = _runs.Curves();

        var run = _runs.Execute(narrow, _world, stopAfter: next => next is RunCheckpoint);
        var before = _runs.Curves();
        _runs.Resume(run, narrow, _world);

        Assert.Equal(undisturbed, [.. before, .. _runs.Curves()]);
    }

    [Fact]
    public void Execute_WithAnyNumberOfLoaderThreads_GivesTheSameDigits()
    {
        Execute(Small with { LoaderThreads = 1 });
        var (curves, scores) = (_runs.Curves(), _runs.Scores());

        Execute(Small with { LoaderThreads = 4 });

        Assert.Equal(curves, _runs.Curves());
        Assert.Equal(scores, _runs.Scores());
    }

    /// <summary>One bit of what the next step depends on, and nothing else, would change the curve by a little.</summary>
    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    public void Execute_ResumedWithABitOfTheLastCheckpointFlipped_GoesOnFromTheOneBefore(string name)
    {
        var options = Small with { Epochs = 3 };
        Execute(options);
        var undisturbed = _runs.Curves();

        var run = _runs.Execute(options, _world, stopAfter: next => next is RunCheckpoint { Epoch: 2 });
        var file = run.File($"checkpoints/epoch-0002/{name}");
        var bytes = File.ReadAllBytes(file);
        bytes[^3] ^= 1;
        File.WriteAllBytes(file, bytes);
        _runs.Resume(run, options, _world);

        Assert.Equal(2, Assert.Single(_runs.Events.OfType<RunResumed>()).Step);
        Assert.Equal(undisturbed[^_runs.Curves().Count..], _runs.Curves());
        var warning = Assert.Single(_runs.Events.OfType<RunLog>(), log => log.Level == "warning").Message;
        Assert.Contains("epoch-0002 is damaged", warning);
        Assert.Contains(name, warning);
        Assert.Equal(["epoch-0002", "epoch-0003"], Directory.GetDirectories(run.Checkpoints).Select(path => Path.GetFileName(path)).Order());
    }

    /// <summary>Two channels, basic blocks [2, 1, 1, 3], convolutions in half precision.</summary>
    [Fact]
    public void Execute_NetworkAsItsWeightsAre_TrainsThatAndTellsIt()
    {
        var run =
            Execute(
                Small with { Network = CamNetwork.Auto, Epochs = 1,
                    Checkpoint = Path.Combine(AppContext.BaseDirectory, "Models", "Files", "resnet-basic.pth") });

        Assert.Contains(_runs.Events.OfType<RunLog>(), log => log.Message.Contains("basic blocks [2, 1, 1, 3]", StringComparison.Ordinal));
        Assert.Equal(new ResNetShape(2, [2, 1, 1, 3], ResNetBlock.Basic),
            ResNetShapeReader.Read(run.File("checkpoints/epoch-0001/model.safetensors")));
        Assert.All(_runs.Events.OfType<RunEvaluated>(), evaluated => Assert.InRange(evaluated.Miou, 0, 1));
    }

    [Fact]
    public void Options_NetworkAsItsWeightsAreWithoutWeights_NameTheCheckpoint() =>
        Assert.Contains("Give a checkpoint of a ResNet", Assert.Single((Small with { Network = CamNetwork.Auto }).Validate()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Execute_AnyRun_StoresSoftMapsFromWhichTheScoreComesAgain()
    {
        var run = Execute(Small);
        var swept = _runs.Events.OfType<RunEvaluated>().First();

        var images = _world.Samples("val").Select(sample =>
            new ScoredImage(sample.Id, sample.Tags, () => Backend.Images.ImageFile.ReadLabels(sample.MaskPath!))).ToList();
        var again = DatasetScore.Of(images, (image, _) => SoftCamFile.Read(SoftCamFile.PathOf(run.Cams, image.Id)), 9,
            [swept.Protocol.Threshold!.Value], seed: 0);

        Assert.Equal(swept.Miou, again.Best.Miou);
    }

    [Fact]
    public void Execute_Twice_LeavesNoTensorBehind() =>
        Assert.Equal(_runs.TensorsLeftBy(Small, _world), _runs.TensorsLeftBy(Small with { Epochs = 5 }, _world));

    [Fact]
    public void Execute_NoGroundTruth_KeepsTheMapsAndSaysThatNothingWasMeasured()
    {
        Directory.Delete(Path.Combine(_world.Root, "SegmentationClass"), recursive: true);

        var run = Execute(Small);

        Assert.Empty(_runs.Events.OfType<RunEvaluated>());
        Assert.Contains(_runs.Events.OfType<RunLog>(), log => log.Level == "warning" && log.Message.Contains("no ground truth"));
        Assert.Equal(4, Directory.GetFiles(run.Cams).Length);
    }

    [Fact]
    public void Execute_BatchLargerThanTheSplit_NamesTheOption()
    {
        var error = Assert.ThrowsAny<Exception>(() => Execute(Small with { BatchSize = 11 }));

        Assert.Contains("batchSize", error.Message);
    }

    [Fact]
    public void DryRun_SmallRun_EstimatesAllSteps()
    {
        var report = _runs.DryRun(Small, _world);

        Assert.Equal(4, report.Steps);
        Assert.True(report is { SecondsPerStep: > 0, MemoryBytes: > 10_000_000 } && report.EstimatedSeconds > report.SecondsPerStep * report.Steps);
    }

    private RunFolder Execute(CamOptions options) => _runs.Execute(options, _world);
}
