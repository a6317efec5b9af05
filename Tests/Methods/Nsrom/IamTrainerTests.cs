using Dashboard.Backend.Methods.Nsrom;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Nsrom;

[Collection(LibtorchCollection.Name)]
public sealed class IamTrainerTests : IDisposable
{
    private static readonly IamOptions Options = NsromWorld.Integration;

    private readonly NsromWorld _world = new();
    private readonly MethodRuns _runs;

    public IamTrainerTests()
    {
        _world.Classifiers.Execute(NsromWorld.Classification, _world.Data, NsromWorld.Classifier);
        _runs = Runs();
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Execute_FromAClassifier_LearnsItsMapsAndScoresItsOwn()
    {
        var run = _runs.Execute(Options with { Epochs = 12, DecayAfter = [12] }, _world.Data);

        var losses = _runs.Metrics("epoch/loss").Select(metrics => metrics.Values["epoch/loss"]).ToList();
        Assert.True(losses[^1] < losses[0], $"{losses[0]} to {losses[^1]}");
        Assert.Equal(12, Directory.GetFiles(run.Cams).Length);
        Assert.All(_runs.Events.OfType<RunEvaluated>().Where(row => !row.Reference), row => Assert.Equal("OA-CAM", row.Row));
        Assert.Contains(_runs.Events.OfType<RunLog>(),
            log => log.Message.StartsWith($"The features are those of run {NsromWorld.Classifier}", StringComparison.Ordinal));
    }

    /// <summary>In small steps: in large ones what is rounded grows.</summary>
    [Fact]
    public void Execute_InBfloat16_StaysNearFloat32()
    {
        var single = Options with { LearningRate = Options.LearningRate / 10 };
        NarrowTraining.AssertNear(_runs, single, single with { Precision = Precision.Bfloat16 }, _world.Data);
    }

    [Fact]
    public void Targets_AreTheAccumulatedMapsOfEachImageAndClassAndZeroElsewhere()
    {
        var accumulated = new OnlineAccumulation();
        accumulated.Restore("b", 1, new(Width: 2, Height: 1, [51, 255]));
        accumulated.Restore("a", 2, new(Width: 2, Height: 1, [0, 102]));
        using var targets = new IamTargets(accumulated, imageSize: 16).Of(["a", "b"], [2, 3, 1, 2]);
        Assert.Equal(new[] { 0, 0, 0, 0, 0, 0.4f, 0, 0, 0.2f, 1, 0, 0 }, targets.data<float>().ToArray());
    }

    [Fact]
    public void Resume_AfterAnEpoch_GoesOnBitForBit()
    {
        _runs.Execute(Options, _world.Data);
        var (curves, scores) = (_runs.Curves(), _runs.Scores());
        var run = _runs.Execute(Options, _world.Data, stopAfter: next => next is RunCheckpoint);
        var before = _runs.Curves();
        _runs.Resume(run, Options, _world.Data);
        Assert.Equal(curves, [.. before, .. _runs.Curves()]);
        Assert.Equal(scores, _runs.Scores());
    }

    [Fact]
    public void Execute_ImagesOfAnotherSize_SaysWhichSizeIsNeeded() => Assert.Contains(
        "were accumulated at 4x4 positions, but an image of 64 px gives 8x8. Use the imageSize",
        Assert.Throws<InvalidRunException>(() => _runs.Execute(Options with { ImageSize = 64 }, _world.Data)).Message, StringComparison.Ordinal);

    [Fact]
    public void Execute_WhereNothingWasAccumulated_SaysWhyAndWhatToDo()
    {
        var message = Assert.Throws<InvalidRunException>(() => _runs.Execute(Options with { TrainSplit = "val" }, _world.Data)).Message;
        Assert.Contains($"the run {NsromWorld.Classifier} has accumulated nothing of the split 'val'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_ATagThatTheClassifierDidNotHave_IsTold()
    {
        var sample = _world.Data.Samples("train")[0];
        var other = Enumerable.Range(0, _world.Data.Classes.Count).First(k => !sample.Tags.Contains(k));
        _runs.Execute(Options, new Retagged(_world.Data, known => known.Id == sample.Id ? [other] : known.Tags));
        Assert.Contains(_runs.Events.OfType<RunLog>(), log => log.Level == "warning"
            && log.Message.Contains($"accumulated nothing of 1 of the 8 images with tags: {sample.Id}", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_WithoutAClassifier_SaysHowToGiveOne() => Assert.Contains(
        "--input accumulated=RUN",
        Assert.Throws<InvalidRunException>(() => _world.Runs(IamMethod.Descriptor, () => new IamTrainer()).Execute(Options, _world.Data)).Message,
        StringComparison.Ordinal);

    private MethodRuns Runs() => _world.Runs(IamMethod.Descriptor, () => new IamTrainer(), (IamMethod.Accumulated, NsromWorld.Classifier));
}
