using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Psa;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods.Refinement;

namespace Dashboard.Tests.Methods.Psa;

[Collection(LibtorchCollection.Name)]
public sealed class PsaTrainerTests : IDisposable
{
    private static readonly PsaOptions Small = (PsaOptions)PsaMethod.Descriptor.Presets[0].Options with
    {
        Epochs = 2,
        BatchSize = 4,
        CropSize = 64,
        WalkRadius = 3,
        LogSteps = 4,
        SnapshotImages = 1,
        TensorThreads = 1,
    };

    private readonly TinyWorld _world = new();
    private readonly PsaOptions _options;
    private readonly MethodRuns _runs;

    public PsaTrainerTests()
    {
        _world.TrainCam();
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
        foreach (var term in (string[])["background", "foreground", "different"])
            Assert.InRange(_runs.Metrics($"loss term/{term}").Max(metrics => metrics.Values[$"loss term/{term}"]), 1e-6, 20);
        Assert.Equal(12, Directory.GetFiles(run.Masks).Length);
        Assert.Equal(12, Directory.GetFiles(run.Cams).Length);
        Assert.Equal(["val", "train"], _runs.Events.OfType<RunEvaluated>().Select(evaluated => evaluated.Protocol.Split));
        Assert.All(_runs.Events.OfType<RunEvaluated>(), evaluated =>
        {
            Assert.Equal(("PSA", Protocol.Stages.PseudoLabel, false), (evaluated.Row, evaluated.Protocol.Stage, evaluated.Protocol.Crf));
            Assert.True(evaluated.IsMeasured);
        });
        Assert.Equal([1, 2, 2], _runs.Events.OfType<RunSnapshot>().Select(snapshot => snapshot.Epoch));
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);
        Assert.True(File.Exists(run.File("checkpoints/epoch-0002/model.safetensors")));
    }

    [Fact]
    public void Execute_SoftMaps_GiveTheLabelsAtOneHalf()
    {
        var run = _runs.Execute(_options, _world.Data);
        foreach (var sample in _world.Data.Samples("val"))
        {
            var maps = SoftCamFile.Read(SoftCamFile.PathOf(run.Cams, sample.Id));
            var labels = ImageFile.ReadLabels(Path.Combine(run.Masks, $"{sample.Id}.png"));
            var again = SeedLabels.FromCam(maps.Maps, maps.Classes, maps.Width, maps.Height, 0.5);
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
        foreach (var path in Directory.GetFiles(undisturbed.Masks))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(run.Masks, Path.GetFileName(path))));
    }

    [Fact]
    public void Resume_WithinTheLabels_GivesTheSameScores()
    {
        _runs.Execute(_options, _world.Data);
        var scores = _runs.Scores();

        var run = _runs.Execute(_options, _world.Data, stopAfter: next => next is RunProgress { Stage: "affinity labels" });
        _runs.Resume(run, _options, _world.Data);

        Assert.Equal(scores, _runs.Scores());
    }

    [Fact]
    public void Execute_ImageWithoutTags_IsAllBackground()
    {
        foreach (var sample in (Sample[])[_world.Data.Samples("val")[0], _world.Data.Samples("train")[0]])
            SoftCamFile.Write(_world.MapOf(sample), new SoftCam(32, 32, [], []));
        var run = _runs.Execute(_options, _world.Data);
        Assert.All(ImageFile.ReadLabels(Path.Combine(run.Masks, $"{_world.Data.Samples("val")[0].Id}.png")).Labels,
            label => Assert.Equal(LabelMap.Background, label));
    }

    [Fact]
    public void Execute_MapsOfNoNetworkAndNoCheckpoint_SaysWhatToGive() => Assert.Contains(
        "checkpoint: no CAM or CLIMS network has made the maps",
        Assert.ThrowsAny<Exception>(() => RunsOfImport().Execute(_options with { Checkpoint = "" }, _world.Data)).Message, StringComparison.Ordinal);

    [Fact]
    public void DryRun_MakesItsScoresInMemory()
    {
        Assert.Equal(4, _runs.DryRun(_options, _world.Data).Steps);
        Assert.False(Directory.Exists(_world.Folder.File("dry-run", "crf_low")));
    }

    [Theory]
    [InlineData("cropSize=100", "cropSize")]
    [InlineData("lowAlpha=40", "lowAlpha")]
    [InlineData("walkRadius=20", "walkRadius")]
    [InlineData("network=resNet38", "checkpoint")]
    public void Options_ThatDoNotFit_NameTheOption(string assignment, string option)
    {
        var schema = PsaMethod.Descriptor.Schema;
        var values = schema.Write(PsaMethod.Descriptor.Presets[0].Options);
        Assert.Empty(schema.Assign(values, [assignment]));
        Assert.Equal(option, Assert.Single(schema.Read(values, out _)).Option);
    }

    private MethodRuns Runs(string maps) =>
        new(_world.Folder, PsaMethod.Descriptor, () => new PsaTrainer()) { Inputs = new Dictionary<string, string> { [PsaMethod.Maps] = maps } };

    /// <summary>Over maps of a run that trained nothing and took nothing.</summary>
    private MethodRuns RunsOfImport()
    {
        RunFolder.Create(_world.Folder.File("runs", TinyWorld.Truth), new RunSpec
        {
            Id = TinyWorld.Truth, Method = "import", Options = [], Dataset = _world.Data.Root, Seed = 0, Device = "cpu", CodeVersion = "test",
            Created = DateTimeOffset.UnixEpoch,
        });
        return Runs(TinyWorld.Truth);
    }
}
