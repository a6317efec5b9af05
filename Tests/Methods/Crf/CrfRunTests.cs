using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Crf;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods.Refinement;

namespace Dashboard.Tests.Methods.Crf;

[Collection(LibtorchCollection.Name)]
public sealed class CrfRunTests : IDisposable
{
    private static readonly CrfOptions Options = new() { Splits = ["train", "val"], SnapshotImages = 1, AppearanceWidth = 20 };

    private readonly TinyWorld _world = new();
    private readonly MethodRuns _runs;

    public CrfRunTests() => _runs = Runs(new Dictionary<string, string> { [CrfMethod.Maps] = TinyWorld.Truth });

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(CrfProbabilities.Softmax)]
    [InlineData(CrfProbabilities.Labels)]
    [InlineData(CrfProbabilities.Alpha)]
    public void Execute_MapsNearTheTruth_WritesAndScoresTheLabelsOfBothSplits(CrfProbabilities probabilities)
    {
        var run = _runs.Execute(Options with { Probabilities = probabilities }, _world.Data);

        Assert.Equal(12, Directory.GetFiles(run.Masks).Length);
        var scored = _runs.Events.OfType<RunEvaluated>().ToList();
        Assert.Equal(["val", "train"], scored.Select(evaluated => evaluated.Protocol.Split));
        Assert.All(scored, evaluated =>
        {
            Assert.Equal(("CRF", Protocol.Stages.PseudoLabel, true, Protocol.TagsGiven),
                (evaluated.Row, evaluated.Protocol.Stage, evaluated.Protocol.Crf, evaluated.Protocol.Tags));
            Assert.InRange(evaluated.Miou, 0.6, 1);
        });
        Assert.Equal(4, SplitSweepFile.Read(run.LabelMapScores).Images.Count);
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);
        Assert.Equal(["image", "truth", "mask"], _runs.Events.OfType<RunSnapshot>().Single().Panels.Select(panel => panel.Kind));
    }

    [Fact]
    public void Resume_AfterAStop_KeepsWhatIsThereAndGivesTheSameScores()
    {
        var undisturbed = _runs.Execute(Options, _world.Data);
        var scores = _runs.Scores();

        var run = _runs.Execute(Options, _world.Data, stopAfter: next => next is RunProgress);
        var before = Directory.GetFiles(run.Masks).ToDictionary(path => path, File.GetLastWriteTimeUtc);
        Assert.InRange(before.Count, 1, 11);
        _runs.Resume(run, Options with { SnapshotImages = 0 }, _world.Data);

        Assert.IsType<RunResumed>(_runs.Events[0]);
        Assert.All(before, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));
        Assert.Equal(scores, _runs.Scores());
        foreach (var path in Directory.GetFiles(undisturbed.Masks))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(run.Masks, Path.GetFileName(path))));
    }

    [Fact]
    public void Execute_ImageWithoutTags_IsAllBackground()
    {
        var sample = _world.Data.Samples("val")[0];
        SoftCamFile.Write(_world.MapOf(sample), new SoftCam(32, 32, [], []));

        var run = _runs.Execute(Options, _world.Data);

        Assert.All(ImageFile.ReadLabels(Path.Combine(run.Masks, $"{sample.Id}.png")).Labels, label => Assert.Equal(LabelMap.Background, label));
    }

    [Fact]
    public void Execute_MapsMissing_NamesRunSplitAndFile()
    {
        var sample = _world.Data.Samples("val")[2];
        File.Delete(_world.MapOf(sample));

        var message = Assert.Throws<InvalidRunException>(() => _runs.Execute(Options, _world.Data)).Message;

        Assert.Contains(
            $"the run {TinyWorld.Truth} has no soft maps of 1 of the 4 images of the split 'val': {sample.Id}. {_world.MapOf(sample)} is missing.",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_MapsOfAnotherSize_NamesTheFile()
    {
        var sample = _world.Data.Samples("train")[0];
        SoftCamFile.Write(_world.MapOf(sample), new SoftCam(16, 16, [], []));
        Assert.Contains($"{_world.MapOf(sample)} has 16x16 positions, but its image is 32x32 pixels",
            Assert.Throws<InvalidRunException>(() => _runs.Execute(Options, _world.Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_WithoutARun_SaysWhatToChoose() => Assert.Contains(
        "maps: choose the run whose soft maps are refined",
        Assert.Throws<InvalidRunException>(() => Runs(new Dictionary<string, string>()).Execute(Options, _world.Data)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void DryRun_CountsTheImagesOfAllSplits() => Assert.Equal(12, _runs.DryRun(Options, _world.Data).Steps);

    [Theory]
    [InlineData("sharpness", "0")]
    [InlineData("appearanceColour", "0.1")]
    [InlineData("probabilities", "sigmoid")]
    public void Options_OutOfRange_NameTheOption(string option, string value)
    {
        var schema = CrfMethod.Descriptor.Schema;
        Assert.StartsWith($"{option}: '{value}' is not ", Assert.Single(schema.Assign([], [$"{option}={value}"])).Message);
    }

    private MethodRuns Runs(Dictionary<string, string> inputs) => new(_world.Folder, CrfMethod.Descriptor, () => new CrfRun()) { Inputs = inputs };
}
