using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Methods;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Text;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Clip;

[Collection(LibtorchCollection.Name)]
public sealed class ClipTrainerTests : IDisposable
{
    /// <summary>Two steps an epoch, on 32 px images.</summary>
    private static readonly ClipTrainingOptions Small = new()
    {
        Epochs = 3, BatchSize = 8, ImageSize = 32, StemChannels = 8, StemBlocks = 1, VisionWidth = 16, TextWidth = 16, TextLayers = 1,
        EmbeddingSize = 16,
    };

    private readonly TempFolder _folder = new();
    private readonly MethodRuns _runs;
    private IImageDataset _world;

    public ClipTrainerTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 1, val: 12, captions: 20, size: 32);
        _runs = new(_folder, ClipMethod.Descriptor, () => MethodRegistry.Create(ClipMethod.Descriptor.Name));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Execute_SmallRun_ReportsStepsEpochsAndCheckpoints()
    {
        Execute(Small);

        Assert.Equal([1, 2, 3, 4, 5, 6], _runs.Metrics("loss").Select(metrics => metrics.Step));
        Assert.All(_runs.Metrics("loss"), metrics =>
        {
            Assert.InRange(metrics.Values["accuracy/image to text"], 0, 1);
            Assert.InRange(metrics.Values["accuracy/text to image"], 0, 1);
            Assert.InRange(metrics.Values["temperature"], 0.08, 0.12);
        });
        Assert.Equal([2, 4, 6], _runs.Metrics("epoch/top-1/all").Select(metrics => metrics.Step));
        Assert.All(_runs.Metrics("epoch/top-1/all"), metrics => Assert.InRange(metrics.Values["epoch/cosine with the class/object"], -1, 1));
        Assert.Equal([1, 2, 3], _runs.Events.OfType<RunCheckpoint>().Select(checkpoint => checkpoint.Epoch));
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);
    }

    [Fact]
    public void Execute_InBfloat16_StaysNearFloat32() =>
        NarrowTraining.AssertNear(_runs, Small, Small with { Precision = Precision.Bfloat16 }, _world);

    [Fact]
    public void Execute_MoreEpochs_LowersTheLoss()
    {
        Execute(Small with { Epochs = 25, EraseProbability = 0, FlipProbability = 0, LearningRate = 5e-3 });

        var losses = _runs.Metrics("epoch/loss").Select(metrics => metrics.Values["epoch/loss"]).ToList();
        Assert.True(losses[^1] < 0.6 * losses[0], string.Join(" ", losses));
    }

    [Fact]
    public void Execute_SameSeed_GivesTheSameCurve()
    {
        Execute(Small);
        var first = _runs.Curves();
        Execute(Small);
        Assert.Equal(first, _runs.Curves());
        Execute(Small, seed: 1);
        Assert.NotEqual(first, _runs.Curves());
    }

    [Fact]
    public void Execute_Resumed_GoesOnBitForBit()
    {
        var whole = Execute(Small);
        var curve = _runs.Curves();
        var model = File.ReadAllBytes(whole.File("model/model.safetensors"));

        // As if it had been killed in the last epoch.
        Directory.Delete(Path.Combine(whole.Checkpoints, "epoch-0003"), recursive: true);
        Directory.Delete(whole.File("model"), recursive: true);
        _runs.Resume(whole, Small, _world);

        Assert.Equal(4, _runs.Events.OfType<RunResumed>().Single().Step);
        Assert.Equal(curve.Where(value => int.Parse(value.Split(' ')[0]) > 4), _runs.Curves());
        Assert.Equal(model, File.ReadAllBytes(whole.File("model/model.safetensors")));
    }

    [Fact]
    public void Execute_AnyRun_LeavesAModelThatLoadsWithItsVocabulary()
    {
        var run = Execute(Small);

        using var model = ClipWeights.Load(run.File("model"));
        var vocabulary = ClipVocabulary.Open(run.File("model/merges.txt"));
        Assert.Equal(model.Shape.VocabularySize, vocabulary.Size);
        Assert.Equal((4, 4, 32, 24), (model.Shape.VisionHeads, model.Shape.TextHeads, model.Shape.ImageResolution, model.Shape.ContextLength));
    }

    [Theory]
    [InlineData(1e-9, true)]
    [InlineData(0.05, false)]
    public void Execute_FromAModelOnTags_GoesOnFromItsWeightsWithItsVocabulary(double rate, bool staysAsItWas)
    {
        var start = Execute(Small).File("model");
        var fineTuning = Small with { InitialModel = start, Sentences = SentenceSource.Tags, TrainSplit = "val", Optimizer = ClipOptimizer.Sgd,
            LearningRate = rate, WeightDecay = 0, Epochs = 1 };

        var tuned = Execute(fineTuning).File("model");

        Assert.Equal(File.ReadAllText(Path.Combine(start, "merges.txt")), File.ReadAllText(Path.Combine(tuned, "merges.txt")));
        using var before = ClipWeights.Load(start);
        using var after = ClipWeights.Load(tuned);
        Assert.Equal(staysAsItWas, before.state_dict()["visual.proj"].allclose(after.state_dict()["visual.proj"], 1e-4, 1e-5));
    }

    [Fact]
    public void Validate_TagsWithoutAModel_AsksForOne() =>
        Assert.Equal("initialModel", Assert.Single((Small with { Sentences = SentenceSource.Tags }).Validate()).Option);

    [Fact]
    public void Execute_UntrainedModel_WarnsOfTheBackground()
    {
        _world = CooccurrenceWorld.Make(_folder.File("larger"), train: 1, val: 60, captions: 20, size: 32);
        Execute(Small with { Epochs = 1, LearningRate = 1e-9 });

        var warning = Assert.Single(_runs.Events.OfType<RunLog>(),
            log => log.Level == "warning" && log.Message.Contains("decorrelated", StringComparison.Ordinal));
        Assert.Contains("another seed (now 0)", warning.Message);
        Assert.NotEmpty(_runs.Metrics("epoch/top-1/decorrelated"));
    }

    [Fact]
    public void Execute_NoMapsOfStuff_SaysWhatWasNotMeasured()
    {
        Directory.Delete(Path.Combine(_world.Root, CooccurrenceWorld.Stuff), recursive: true);
        Execute(Small with { Epochs = 1 });

        Assert.Empty(_runs.Metrics("epoch/top-1/decorrelated"));
        Assert.Contains(_runs.Events.OfType<RunLog>(), log => log.Message.Contains("was not measured"));
    }

    [Fact]
    public void Execute_Twice_LeavesNoTensorBehind() =>
        Assert.Equal(_runs.TensorsLeftBy(Small, _world), _runs.TensorsLeftBy(Small with { Epochs = 5 }, _world));

    [Fact]
    public void DryRun_SmallRun_EstimatesAllSteps()
    {
        var report = _runs.DryRun(Small, _world);

        Assert.Equal(6, report.Steps);
        Assert.True(report is { SecondsPerStep: > 0, MemoryBytes: > 10_000_000 } && report.EstimatedSeconds >= report.SecondsPerStep * report.Steps);
    }

    private RunFolder Execute(ClipTrainingOptions options, long seed = 0) => _runs.Execute(options, _world, seed: seed);
}
