using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Execution;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Torch;
using TorchSharp.Interop;

namespace Dashboard.Tests.Methods.Cam;

[Collection("Whole process")]
public sealed class CamTrainerTests : IDisposable
{
    private static readonly CamOptions Small = (CamOptions)CamMethod.Descriptor.Presets[0].Options with
    {
        Epochs = 2, BatchSize = 4, CropSize = 32, ResizeLongMin = 32, ResizeLongMax = 32, SnapshotImages = 2,
    };

    private readonly TempFolder _folder = new();
    private readonly List<RunEvent> _events = [];
    private readonly IImageDataset _world;

    public CamTrainerTests() => _world = CooccurrenceWorld.Make(_folder.File("world"), train: 10, val: 4, size: 32);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Execute_SmallRun_ReportsStepsEpochsPicturesCheckpointsAndScores()
    {
        var run = Execute(Small);

        // 10 images in batches of 4: the last two are dropped.
        Assert.Equal([1, 2, 3, 4], Metrics("loss").Select(metrics => metrics.Step));
        Assert.Equal([2, 4], Metrics("epoch/loss").Select(metrics => metrics.Step));
        Assert.Equal(Small.LearningRate, Metrics("learning rate")[0].Values["learning rate"]);
        Assert.Equal([1, 2], _events.OfType<RunCheckpoint>().Select(checkpoint => checkpoint.Epoch));
        Assert.All(_events.OfType<RunSnapshot>().SelectMany(snapshot => snapshot.Panels), panel => Assert.True(File.Exists(run.File(panel.File)), panel.File));
        Assert.Equal(
            [("CAM", false, Protocol.SweptThreshold), ("CAM", false, Protocol.FixedThreshold), ("all background", true, Protocol.SweptThreshold), ("centre prior", true, Protocol.SweptThreshold)],
            _events.OfType<RunEvaluated>().Select(evaluated => (evaluated.Row, evaluated.Reference, evaluated.Protocol.ThresholdSource)));
        Assert.Equal(1, _events.OfType<RunProgress>().Last().Fraction, 6);
    }

    [Fact]
    public void Execute_AnyRun_StoresSoftMapsFromWhichTheScoreComesAgain()
    {
        var run = Execute(Small);
        var swept = _events.OfType<RunEvaluated>().First();

        var images = _world.Samples("val").Select(sample => new ScoredImage(sample.Id, sample.Tags, () => Backend.Images.ImageFile.ReadLabels(sample.MaskPath!))).ToList();
        var again = DatasetScore.Of(images, (image, _) => SoftCamFile.Read(SoftCamFile.PathOf(run.Cams, image.Id)), 9, [swept.Protocol.Threshold!.Value], seed: 0);

        Assert.Equal(swept.Miou, again.Best.Miou);
    }

    [Fact]
    public void Execute_Twice_LeavesNoTensorBehind()
    {
        Execute(Small);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Native.LiveTensors;

        Execute(Small with { Epochs = 5 });
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(before, Native.LiveTensors);
    }

    [Fact]
    public void Execute_NoGroundTruth_KeepsTheMapsAndSaysThatNothingWasMeasured()
    {
        Directory.Delete(Path.Combine(_world.Root, "SegmentationClass"), recursive: true);

        var run = Execute(Small);

        Assert.Empty(_events.OfType<RunEvaluated>());
        Assert.Contains(_events.OfType<RunLog>(), log => log.Level == "warning" && log.Message.Contains("no ground truth"));
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
        var report = new CamTrainer().DryRun(Context(Small));

        Assert.Equal(4, report.Steps);
        Assert.True(report is { SecondsPerStep: > 0, MemoryBytes: > 10_000_000 } && report.EstimatedSeconds > report.SecondsPerStep * report.Steps);
    }

    private List<RunMetrics> Metrics(string name) => [.. _events.OfType<RunMetrics>().Where(metrics => metrics.Values.ContainsKey(name))];

    private RunFolder Execute(CamOptions options)
    {
        _events.Clear();
        var context = Context(options);
        new CamTrainer().Execute(context);
        return context.Folder;
    }

    private RunContext Context(CamOptions options)
    {
        var path = _folder.File("runs", Guid.NewGuid().ToString("N"));
        var spec = new RunSpec
        {
            Id = Path.GetFileName(path),
            Method = CamMethod.Descriptor.Name,
            Options = CamMethod.Descriptor.Schema.Write(options),
            Dataset = _world.Root,
            Seed = 0,
            Device = "cpu",
            CodeVersion = "test",
            Created = DateTimeOffset.UnixEpoch,
        };
        return new RunContext
        {
            Folder = RunFolder.Create(path, spec),
            Spec = spec,
            Dataset = _world,
            Data = new DataFolder(_folder.Path),
            IsResume = false,
            Stop = CancellationToken.None,
            Report = _events.Add,
            Flush = () => { },
            Time = TimeProvider.System,
        };
    }
}
