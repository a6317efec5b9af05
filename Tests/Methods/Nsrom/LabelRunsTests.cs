using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Nsrom;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Nsrom;

/// <summary>POM and NSRM as runs. That their labels are the authors' is in <see cref="Golden.NsromChecks"/>.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class LabelRunsTests : IDisposable
{
    private static readonly PomOptions Mining =
        new() { Splits = ["train", "val"], Mining = PomOptions.OwnMaps, SnapshotImages = 1, TensorThreads = 1 };
    private static readonly NsrmOptions Masking = new() { Splits = ["train"], Side = 3, SnapshotImages = 1, TensorThreads = 1 };

    private readonly NsromWorld _world = new();

    public LabelRunsTests() => _world.WriteSaliency();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Pom_OfAnyRunsMaps_LeavesLabelsAndSaysThatSaliencyWasUsed()
    {
        var runs = Pom();
        var run = runs.Execute(Mining, _world.Data);

        Assert.Equal(12, Directory.GetFiles(run.Masks).Length);
        Assert.Empty(Directory.GetFiles(run.Cams));
        var rows = runs.Events.OfType<RunEvaluated>().ToList();
        Assert.Equal(["val", "train"], rows.Select(row => row.Protocol.Split));
        Assert.All(rows, row => Assert.Equal(("POM", Protocol.Stages.PseudoLabel, Protocol.TagsAndSaliency),
            (row.Row, row.Protocol.Stage, row.Protocol.Supervision)));
        Assert.Contains("image tags + saliency", rows[0].Protocol.Key, StringComparison.Ordinal);
        Assert.Equal(["saliency", "left undecided by mining"],
            runs.Events.OfType<RunSnapshot>().Single().Panels.Where(panel => panel.Kind == "cam").Select(panel => panel.Class));
    }

    [Fact]
    public void Pom_WithMining_LeavesBackgroundUndecidedAndAddsNoObject()
    {
        var runs = Pom();
        // The saliency sees nothing: background is believed, but for what the maps mine.
        _world.WriteSaliency(_ => [.. Enumerable.Repeat((byte)150, 32 * 32)]);
        var without = runs.Execute(Mining with { Mining = PomOptions.None, SalientBackground = 200 }, _world.Data);
        var mined = runs.Execute(Mining with { SalientBackground = 200, MiningThreshold = 0.01 }, _world.Data);
        foreach (var sample in _world.All)
            foreach (var (before, after) in Labels(without, sample).Zip(Labels(mined, sample)))
                Assert.True(before == after || (before == LabelMap.Background && after == LabelMap.Ignore), $"{sample.Id}: {before} to {after}");
    }

    /// <summary>The maps know the objects; the CAM is as active in the left half of the background.</summary>
    [Fact]
    public void Pom_MiningByTheCam_LeavesBackgroundUndecidedWhereTheCamIsActive()
    {
        _world.WriteSaliency(_ => [.. Enumerable.Repeat((byte)150, 32 * 32)]);
        _world.WriteMaps(NsromWorld.Cam, (sample, k) =>
            [.. sample.ReadTruth().Labels.Index().Select(pixel => pixel.Item == k + 1 ? 0.5f : pixel.Index % 32 < 16 ? 0.9f : 0.1f)]);
        var runs = _world.Runs(PomMethod.Descriptor, () => new PomRun(),
            (PomMethod.Maps, NsromWorld.Maps), (PomMethod.Cam, NsromWorld.Cam), (PomMethod.Saliency, NsromWorld.Saliency));
        var without = runs.Execute(Mining with { Mining = PomOptions.None, SalientBackground = 200 }, _world.Data);
        var mined = runs.Execute(Mining with { Mining = "", SalientBackground = 200 }, _world.Data);

        foreach (var sample in _world.All)
            foreach (var (i, (before, after)) in Labels(without, sample).Zip(Labels(mined, sample)).Index())
                Assert.Equal(before == LabelMap.Background && i % 32 < 16 ? LabelMap.Ignore : before, after);
    }

    [Fact]
    public void Pom_WithoutSaliency_NeedsNoneAndSaysSo()
    {
        var runs = _world.Runs(PomMethod.Descriptor, () => new PomRun(), (PomMethod.Maps, NsromWorld.Maps));
        var run = runs.Execute(Mining with { Saliency = PomOptions.None, Mining = PomOptions.None }, _world.Data);

        Assert.All(runs.Events.OfType<RunEvaluated>(), row => Assert.Null(row.Protocol.Supervision));
        // Maps of 0.8 on the objects, against a background score of 0.5.
        Assert.All(runs.Events.OfType<RunEvaluated>(), row => Assert.InRange(row.Miou, 0.9, 1));
        Assert.All(_world.All.SelectMany(sample => Labels(run, sample)), label => Assert.InRange(label, 0, 8));
    }

    [Fact]
    public void Pom_ImageWithoutTags_IsLeftUndecidedAsAWhole()
    {
        var bare = _world.Data.Samples("train")[2];
        SoftCamFile.Write(_world.MapOf(bare), new SoftCam(32, 32, [], []));
        var run = Pom().Execute(Mining, new Retagged(_world.Data, sample => sample.Id == bare.Id ? [] : sample.Tags));
        Assert.All(Labels(run, bare), label => Assert.Equal(LabelMap.Ignore, label));
    }

    [Fact]
    public void Pom_SaliencyThatLacksImages_NamesThem()
    {
        var lost = _world.Data.Samples("train")[4].Id;
        File.Delete(Path.Combine(_world.Folder.File("runs", NsromWorld.Saliency, "saliency"), lost + ".png"));
        Assert.Contains($"saliency: the run {NsromWorld.Saliency} has no saliency of 1 of the 12 images: {lost}",
            Assert.Throws<InvalidRunException>(() => Pom().Execute(Mining, _world.Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pom_SaliencyOfAnotherSize_NamesTheFile()
    {
        var wrong = Path.Combine(_world.Folder.File("runs", NsromWorld.Saliency, "saliency"), _world.Data.Samples("train")[0].Id + ".png");
        ImageFile.WritePng(wrong, new(16, 16, 1, new byte[256]));
        Assert.Contains($"{wrong} is no gray image of 32x32 pixels",
            Assert.Throws<InvalidRunException>(() => Pom().Execute(Mining, _world.Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pom_Resumed_KeepsWhatIsThere()
    {
        var runs = Pom();
        var run = runs.Execute(Mining, _world.Data, stopAfter: next => next is RunProgress { Step: >= 3 });
        var kept = Directory.GetFiles(run.Masks).Length;
        runs.Resume(run, Mining, _world.Data);
        var scores = runs.Events.OfType<RunEvaluated>().Select(row => row.Miou).ToList();
        var whole = runs.Execute(Mining, _world.Data);

        Assert.InRange(kept, 1, 12);
        Assert.Equal(runs.Events.OfType<RunEvaluated>().Select(row => row.Miou), scores);
        foreach (var sample in _world.All)
            Assert.Equal(Labels(whole, sample), Labels(run, sample));
    }

    [Fact]
    public void Nsrm_OfPredictionsLabelsAndSaliency_FillsUpAndMasks()
    {
        // The network predicts background everywhere; the labels know the objects.
        _world.WriteLabels(NsromWorld.Prediction, _ => new byte[32 * 32]);
        _world.WriteLabels(NsromWorld.Labels, sample => sample.ReadTruth().Labels);
        var runs = Nsrm();
        var run = runs.Execute(Masking, _world.Data);

        var samples = _world.Data.Samples("train");
        var several = samples.First(sample => sample.Tags.Count > 1);
        var truth = several.ReadTruth().Labels;
        var labels = Labels(run, several);
        Assert.All(truth.Index().Where(pixel => pixel.Item is not (0 or LabelMap.Ignore)), pixel => Assert.Equal(pixel.Item, labels[pixel.Index]));
        Assert.Contains(LabelMap.Ignore, labels);
        // An image of one class is taken as it was predicted: without an object, none of it is decided.
        if (samples.FirstOrDefault(sample => sample.Tags.Count == 1) is { } single)
            Assert.All(Labels(run, single), label => Assert.Equal(LabelMap.Ignore, label));
        Assert.All(runs.Events.OfType<RunEvaluated>(), row => Assert.Equal(("NSRM", Protocol.TagsAndSaliency), (row.Row, row.Protocol.Supervision)));
        Assert.Contains(runs.Events.OfType<RunSnapshot>().Single().Panels, panel => panel.Class == "left undecided by masking");
    }

    /// <summary>What is salient everywhere masks nothing, unless it is too faint to be salient.</summary>
    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void Nsrm_SaliencyOf100_BelongsToTheMaskFromThere(int salientFrom, bool masks)
    {
        _world.WriteSaliency(_ => [.. Enumerable.Repeat((byte)100, 32 * 32)]);
        _world.WriteLabels(NsromWorld.Prediction, sample => sample.ReadTruth().Labels);
        _world.WriteLabels(NsromWorld.Labels, sample => sample.ReadTruth().Labels);
        var run = Nsrm().Execute(Masking with { SalientFrom = salientFrom }, _world.Data);

        var several = _world.Data.Samples("train").First(sample => sample.Tags.Count > 1);
        Assert.Equal(masks, !several.ReadTruth().Labels.AsSpan().SequenceEqual(Labels(run, several)));
    }

    [Fact]
    public void Nsrm_PredictionsOfOtherImages_SaysWhatToSet()
    {
        _world.WriteLabels(NsromWorld.Prediction, _ => new byte[32 * 32]);
        _world.WriteLabels(NsromWorld.Labels, sample => sample.ReadTruth().Labels);
        foreach (var sample in _world.Data.Samples("train"))
            File.Delete(LabelMapScoring.PathOf(new DataFolder(_world.Folder.Path).Run(NsromWorld.Prediction), sample.Id));
        Assert.Contains("has no label map of 8 of the 8 images",
            Assert.Throws<InvalidRunException>(() => Nsrm().Execute(Masking, _world.Data)).Message, StringComparison.Ordinal);
        Assert.Contains("(predictTraining)", Assert.Throws<InvalidRunException>(() => Nsrm().Execute(Masking, _world.Data)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ThatCannotBe_AreNamed()
    {
        Assert.Equal(["mining", "saliency"], (Mining with { Mining = "all", Saliency = "some" }).Validate().Select(failure => failure.Option));
        Assert.Equal(["saliency"], (Masking with { Saliency = "some" }).Validate().Select(failure => failure.Option));
    }

    private MethodRuns Pom() =>
        _world.Runs(PomMethod.Descriptor, () => new PomRun(), (PomMethod.Maps, NsromWorld.Maps), (PomMethod.Saliency, NsromWorld.Saliency));

    private MethodRuns Nsrm() => _world.Runs(NsrmMethod.Descriptor, () => new NsrmRun(), (NsrmMethod.Prediction, NsromWorld.Prediction),
        (NsrmMethod.Labels, NsromWorld.Labels), (NsrmMethod.Saliency, NsromWorld.Saliency));

    private static byte[] Labels(RunFolder run, Sample sample) => ImageFile.ReadLabels(LabelMapScoring.PathOf(run, sample.Id)).Labels;
}
