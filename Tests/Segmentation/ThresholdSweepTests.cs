using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Segmentation;

public sealed class ThresholdSweepTests
{
    /// <summary>Random maps whose values often equal a threshold or each other, so that ties decide.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void At_EveryThreshold_EqualsSeedLabelsScoredOneByOne(int seed)
    {
        const int width = 13, height = 7, labels = 6;
        var random = new Random(seed);
        int[] classes = [4, 0, 2];
        var maps = Enumerable.Range(0, classes.Length * width * height).Select(_ => (float)(random.Next(0, 21) * 0.05)).ToArray();
        var truth = new LabelMap(width, height,
            [.. Enumerable.Range(0, width * height).Select(_ => random.Next(7) is var label && label == 6 ? LabelMap.Ignore : (byte)label)]);
        var thresholds = ThresholdSweep.Steps(0.05, 0.123);

        var swept = new ThresholdSweep(labels, thresholds).Score(maps, classes, truth);

        Assert.All(thresholds.Index(), found =>
        {
            var (expected, actual) = (new ConfusionMatrix(labels), new ConfusionMatrix(labels));
            expected.Add(truth, SeedLabels.FromCam(maps, classes, width, height, found.Item));
            actual.Add(swept.At(found.Index));
            Assert.All(Enumerable.Range(0, labels * labels),
                cell => Assert.Equal(expected[cell / labels, cell % labels], actual[cell / labels, cell % labels]));
        });
    }

    [Fact]
    public void Score_NoMap_IsBackgroundEverywhere()
    {
        var swept = new ThresholdSweep(2, [0.5]).Score([], [], new LabelMap(2, 1, [0, 1]));
        Assert.All(swept.At(0).Cells, cell => Assert.Equal(0, cell.Prediction));
    }

    [Fact]
    public void Score_ValuesDoNotFitTheImage_Refuses() =>
        Assert.Throws<ArgumentException>(() => new ThresholdSweep(3, [0.5]).Score(new float[5], [0], new LabelMap(2, 2, new byte[4])));

    [Fact]
    public void Score_TrueLabelOutOfRange_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => new ThresholdSweep(3, [0.5]).Score(new float[4], [0], new LabelMap(2, 2, [0, 0, 9, 0])));
        Assert.Contains("label 9 at x 0, y 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_WithAnotherThreshold_AscendWithoutRepetition()
    {
        Assert.Equal([0.25, 0.5, 0.75], ThresholdSweep.Steps(0.25, 0.5));
        Assert.Equal([0.15, 0.25, 0.5, 0.75], ThresholdSweep.Steps(0.25, 0.15));
        Assert.Contains(0.15, ThresholdSweep.Steps(0.05));
    }
}
