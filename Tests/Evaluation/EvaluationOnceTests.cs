using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Import;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods;

namespace Dashboard.Tests.Evaluation;

/// <summary>Two runs beside each other, and one scored again.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class EvaluationOnceTests : IDisposable
{
    private const int Side = 32;

    private readonly TempFolder _folder = new();
    private readonly IImageDataset _world;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly MethodRuns _runs;

    public EvaluationOnceTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 12, val: 2, size: Side);
        _samples = _world.Samples("train");
        _runs = new(_folder, ImportMethod.Descriptor, () => new ImportRun());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Difference_OfTwoRuns_IsThatOfTheirMiouAndSaysWhichIsBetter()
    {
        var (good, bad) = (Run("good", shift: 1), Run("bad", shift: 6));

        var difference = RowDifference.Of(good, bad);

        Assert.Equal(good.Evaluations[0].Miou - bad.Evaluations[0].Miou, difference.Difference, 12);
        Assert.True(difference.Separable);
        Assert.InRange(difference.P, 0, 0.01);
        Assert.StartsWith($"good is {100 * difference.Difference:0.00} points above bad on 12 images (95 % interval ", difference.Sentence);
        Assert.StartsWith("good is ", RowDifference.Of(bad, good).Sentence);
        Assert.EndsWith("not separable).", RowDifference.Of(good, good).Sentence);
    }

    [Fact]
    public void Difference_OfWhatCannotBeCompared_SaysWhy()
    {
        var good = Run("good", shift: 1);
        var other = Run("other", shift: 1, new ImportOptions { Stage = LabelMapStage.ZeroShot });
        Assert.Contains("good and other have not been measured under one protocol", Refusal(() => RowDifference.Of(good, other)));
        File.Delete(good.Run.LabelMapScores);
        Assert.Contains("a: good has kept no scores of each image", Refusal(() => RowDifference.Of(good, good)));
    }

    [Fact]
    public void Verify_AFinishedRun_MatchesUntilAMaskChanges()
    {
        var (run, evaluations) = Run("run", shift: 2);
        var verified = RunVerification.Of(run, _world, evaluations);
        Assert.True(verified.Matches);
        Assert.Equal(evaluations[0].Miou, verified.Rows.Single().Measured);

        var mask = Path.Combine(run.Masks, $"{_samples[4].Id}.png");
        ImageFile.WriteLabels(mask, new LabelMap(Side, Side, new byte[Side * Side]));
        verified = RunVerification.Of(run, _world, evaluations);
        Assert.False(verified.Matches);
        Assert.Equal("The maps give another mIoU than was recorded.", verified.Rows.Single().Reason);

        File.Delete(mask);
        Assert.Contains($"no label maps of 1 of the 12 images, the first ones {_samples[4].Id}.",
            RunVerification.Of(run, _world, evaluations).Rows.Single().Reason!);
    }

    /// <summary>A label that nothing has and something was taken for: chainercv's mean counts it with 0, DeepLab's leaves it out.</summary>
    [Fact]
    public void Mean_OfDeepLab_HasAProtocolOfItsOwnAndIsVerifiedByIt()
    {
        var chainercv = Run("chainercv", shift: 2);
        var (run, evaluations) = Run("deeplab", shift: 2, new ImportOptions { Mean = MeanIouKind.DeepLab });

        Assert.NotEqual(chainercv.Evaluations[0].Protocol.Key, evaluations[0].Protocol.Key);
        Assert.Contains(Protocol.TrueLabels, evaluations[0].Protocol.Key);
        var total = SplitSweepFile.Read(run.LabelMapScores).At(null).Total;
        Assert.Equal(DeepLabScores.Of(total).MeanIou, evaluations[0].Miou);
        Assert.True(RunVerification.Of(run, _world, evaluations).Matches);
    }

    private static string Refusal(Action act) => Assert.Throws<InvalidRunException>(act).Message;

    /// <summary>The truth, moved aside.</summary>
    private (RunFolder Run, IReadOnlyList<RunEvaluated> Evaluations) Run(string id, int shift, ImportOptions? options = null)
    {
        foreach (var sample in _samples)
        {
            var truth = sample.ReadTruth();
            byte[] moved = [.. Enumerable.Range(0, Side * Side).Select(pixel => truth.Labels[Math.Max(0, pixel - shift)])];
            Directory.CreateDirectory(_folder.File(id));
            ImageFile.WriteLabels(_folder.File(id, $"{sample.Id}.png"), new LabelMap(Side, Side, moved));
        }
        var run = _runs.Execute((options ?? new()) with { Folder = _folder.File(id), SnapshotImages = 0 }, _world, id);
        return (run, [.. _runs.Events.OfType<RunEvaluated>()]);
    }
}
