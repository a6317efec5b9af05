using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Methods.Maps;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods.Refinement;

namespace Dashboard.Tests.Methods.Maps;

[Collection(LibtorchCollection.Name)]
public sealed class MapsRunTests : IDisposable
{
    private static readonly MapsOptions Options = new() { Splits = ["train", "val"], SnapshotImages = 1, TensorThreads = 1 };

    private readonly TinyWorld _world = new();
    private readonly MethodRuns _runs;

    public MapsRunTests()
    {
        _world.TrainCam();
        _runs = Runs(new Dictionary<string, string> { [MapsMethod.Network] = TinyWorld.Cam });
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Execute_FromACamRun_MakesItsMapsAgainAndThoseOfTheOtherSplit()
    {
        var run = _runs.Execute(Options, _world.Data);

        var cams = _world.Folder.File("runs", TinyWorld.Cam, "cams");
        foreach (var sample in _world.Data.Samples("val"))
            Assert.Equal(File.ReadAllBytes(SoftCamFile.PathOf(cams, sample.Id)), File.ReadAllBytes(SoftCamFile.PathOf(run.Cams, sample.Id)));
        Assert.Equal(12, Directory.GetFiles(run.Cams).Length);
        var scored = _runs.Events.OfType<RunEvaluated>().Where(evaluated => !evaluated.Reference).ToList();
        Assert.Equal(["val", "val", "train", "train"], scored.Select(evaluated => evaluated.Protocol.Split));
        Assert.All(scored, evaluated => Assert.Equal(("CAM", Protocol.Stages.SeedCam), (evaluated.Row, evaluated.Protocol.Stage)));
        Assert.Equal(4, SplitSweepFile.Read(run.SoftMapScores).Images.Count);
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);
        Assert.NotEmpty(_runs.Events.OfType<RunSnapshot>().Single().Panels);
    }

    [Fact]
    public void Resume_KeepsWhatIsThereAndGivesTheSameScores()
    {
        var run = _runs.Execute(Options, _world.Data);
        var scores = _runs.Scores();
        var kept = SoftCamFile.PathOf(run.Cams, _world.Data.Samples("train")[0].Id);
        var written = File.GetLastWriteTimeUtc(kept);
        var lost = SoftCamFile.PathOf(run.Cams, _world.Data.Samples("val")[1].Id);
        var bytes = File.ReadAllBytes(lost);
        File.Delete(lost);

        _runs.Resume(run, Options, _world.Data);

        Assert.Equal(written, File.GetLastWriteTimeUtc(kept));
        Assert.Equal(bytes, File.ReadAllBytes(lost));
        Assert.Equal(scores, _runs.Scores());
    }

    [Fact]
    public void Execute_WithoutARun_SaysWhatToChoose() => Assert.Contains(
        "network: choose the CAM or CLIMS run",
        Assert.Throws<InvalidRunException>(() => Runs(new Dictionary<string, string>()).Execute(Options, _world.Data)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Execute_RunWithoutCheckpoint_NamesIt()
    {
        Directory.Delete(_world.Folder.File("runs", TinyWorld.Cam, "checkpoints"), recursive: true);
        Assert.Contains($"the run {TinyWorld.Cam} has no complete checkpoint",
            Assert.Throws<InvalidRunException>(() => _runs.Execute(Options, _world.Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DryRun_CountsTheImagesOfAllSplits() => Assert.Equal(12, _runs.DryRun(Options, _world.Data).Steps);

    [Fact]
    public void Options_SplitsTwiceOrNone_AreRefused()
    {
        Assert.Contains("names a split twice", Assert.Single(new MapsOptions { Splits = ["val", "val"] }.Validate()).Message,
            StringComparison.Ordinal);
        Assert.Equal("splits", Assert.Single(new MapsOptions { Splits = [] }.Validate()).Option);
        Assert.Equal([new Artifact(ArtifactKind.SoftMaps, "train"), new Artifact(ArtifactKind.SoftMaps, "val")], Options.Produces());
    }

    private MethodRuns Runs(Dictionary<string, string> inputs) => new(_world.Folder, MapsMethod.Descriptor, () => new MapsRun()) { Inputs = inputs };
}
