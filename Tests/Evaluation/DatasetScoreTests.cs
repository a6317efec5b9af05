using Dashboard.Backend.Evaluation;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Evaluation;

public sealed class DatasetScoreTests
{
    private const int Labels = 3;

    /// <summary>The object's map is 0.6 on the object and 0.3 on half of the background: every threshold from 0.3 to 0.6 is perfect.</summary>
    [Fact]
    public void Best_SeparableMaps_FindsThePlateau()
    {
        var score = DatasetScore.Of(Images(4), Separable, Labels, ThresholdSweep.Steps(0.1, 0.25), seed: 0);

        Assert.Equal(0.3, score.Best.Threshold);
        Assert.Equal(1.0, score.Best.Miou);
        Assert.Equal([1.0, 1.0, null], score.Best.PerClass);
        Assert.Equal(new ConfidenceInterval(1, 1, 0.95), score.Best.Interval);
        // Below 0.3: background 4 of 8 right, object 8 of 12.
        Assert.Equal((0.5 + 8.0 / 12) / 2, score.At(0.25).Miou, 1e-12);
        // From 0.6 on everything is background.
        Assert.Equal((0.5 + 0) / 2, score.At(0.6).Miou, 1e-12);
        Assert.Equal(["image-0", "image-1", "image-2", "image-3"], score.Best.PerImage.Select(image => image.Id));
        Assert.Equal(10, score.Sweep.Count);
    }

    [Fact]
    public void ToEvent_FixedThreshold_StandsInTheProtocol()
    {
        var score = DatasetScore.Of(Images(2), Separable, Labels, [0.4], seed: 0).At(0.4);
        var protocol = new Protocol
        {
            Stage = Protocol.Stages.SeedCam, Dataset = "test", Split = "val", ThresholdSource = Protocol.FixedThreshold, Tags = Protocol.TagsGiven,
            Images = 0,
        };

        var evaluated = score.ToEvent(7, "CAM", reference: false, protocol, ["background", "cat", "dog"], sweep: null);

        Assert.Equal((7, 0.4, 2, 1.0), (evaluated.Step, evaluated.Protocol.Threshold, evaluated.Protocol.Images, evaluated.Miou));
    }

    [Fact]
    public void Of_TwoBadImages_NamesBoth()
    {
        var images = Images(4);
        SoftCam Seeds(ScoredImage image, LabelMap truth) => image.Id switch
        {
            "image-1" => new SoftCam(2, 2, [], []),
            "image-3" => throw new InvalidDataException("file x is damaged"),
            _ => Separable(image, truth),
        };

        var error = Assert.Throws<InvalidDataException>(() => DatasetScore.Of(images, Seeds, Labels, [0.5], seed: 0));

        Assert.Contains("image-1: the maps are 2x2, but the ground truth is 4x4", error.Message, StringComparison.Ordinal);
        Assert.Contains("image-3: file x is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Stopped_GivesUp() =>
        Assert.ThrowsAny<OperationCanceledException>(() =>
            DatasetScore.Of(Images(4), Separable, Labels, [0.5], seed: 0, new CancellationToken(canceled: true)));

    [Fact]
    public void AllBackground_HalfObject_ScoresAQuarter() =>
        Assert.Equal(0.25, DatasetScore.Of(Images(4), TrivialSeeds.AllBackground, Labels, [0.5], seed: 0).Best.Miou);

    [Fact]
    public void CentrePrior_ObjectInTheMiddle_BeatsBackgroundAndRepeats()
    {
        var middle =
            new LabelMap(9, 9, [.. Enumerable.Range(0, 81).Select(pixel => (byte)(pixel / 9 is > 2 and < 7 && pixel % 9 is > 2 and < 7 ? 1 : 0))]);
        ScoredImage[] images = [new("a", [0], () => middle), new("b", [0], () => middle)];
        var thresholds = ThresholdSweep.Steps(0.05);

        var prior = TrivialSeeds.CentrePrior(images, Labels, thresholds, seed: 3).Best;

        Assert.True(prior.Miou > 0.8, $"mIoU {prior.Miou}");
        Assert.Equal(prior.Miou, TrivialSeeds.CentrePrior(images, Labels, thresholds, seed: 3).Best.Miou);
    }

    private static ScoredImage[] Images(int count) => [.. Enumerable.Range(0, count).Select(i =>
        new ScoredImage($"image-{i}", [0], () => new LabelMap(4, 4, [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1])))];

    private static SoftCam Separable(ScoredImage image, LabelMap truth) =>
        new(4, 4, [0], [.. truth.Labels.Select((label, pixel) => label == 1 ? 0.6f : pixel % 2 == 0 ? 0.3f : 0f)]);
}
