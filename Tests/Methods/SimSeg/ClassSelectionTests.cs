using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Tests.Methods.SimSeg;

public sealed class ClassSelectionTests
{
    private static readonly ZeroShotOptions Defaults = new();

    [Fact]
    public void Of_KnownScores_GivesMeanPlusDeviationOfTheTop()
    {
        var selection = ClassSelection.Of([0.1f, 0.5f, 0.2f, 0.9f], hasBackground: true, Defaults with { TopClasses = 3 });
        Assert.Equal([3, 1, 2, 0], selection.Ranking);
        Assert.Equal((0.9 + 0.5 + 0.2) / 3, selection.Mean, 6);
        // Over n - 1, as torch.std.
        Assert.Equal(Math.Sqrt((Sq(0.9) + Sq(0.5) + Sq(0.2)) / 2), selection.Deviation, 6);
        Assert.Equal(selection.Mean + selection.Deviation, selection.Threshold, 12);
        Assert.Equal([3], selection.Selected);

        double Sq(double score) => (score - selection.Mean) * (score - selection.Mean);
    }

    [Fact]
    public void Of_OneClass_SelectsIt()
    {
        var selection = ClassSelection.Of([0.3f], hasBackground: false, Defaults);
        Assert.Equal(0, selection.Deviation);
        Assert.Equal([0], selection.Selected);
    }

    [Fact]
    public void Of_EqualScores_SelectAll() => Assert.Equal([0, 1, 2], ClassSelection.Of([0.3f, 0.3f, 0.3f], hasBackground: false, Defaults).Selected);

    [Fact]
    public void Of_FewerClassesThanAskedFor_TakesWhatThereIs()
    {
        var selection = ClassSelection.Of([0.1f, 0.2f], hasBackground: true, Defaults with { ThresholdFactor = -1 });
        Assert.Equal(2, selection.TopCount);
        Assert.Equal([1], selection.Candidates);
        Assert.Equal([1], selection.Selected);
    }

    [Fact]
    public void Of_Background_TakesACandidatesPlace()
    {
        float[] scores = [0.9f, 0.8f, 0.7f, 0.6f];
        var options = Defaults with { Candidates = 2, ThresholdFactor = -5 };
        Assert.Equal([1], ClassSelection.Of(scores, hasBackground: true, options).Candidates);
        Assert.Equal([0, 1], ClassSelection.Of(scores, hasBackground: false, options).Candidates);
    }

    [Fact]
    public void Of_BetterHalf_CountsHalfOfTheClasses()
    {
        var options = Defaults with { TopClasses = 0 };
        Assert.Equal(11, ClassSelection.Of(new float[21], hasBackground: true, options).TopCount);
        Assert.Equal(1, ClassSelection.Of(new float[2], hasBackground: true, options).TopCount);
    }

    [Fact]
    public void Of_LargerFactor_SelectsFewer()
    {
        float[] scores = [0, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f];
        var counts = new[] { -2.0, 0, 0.5, 1, 2 }.Select(factor =>
            ClassSelection.Of(scores, true, Defaults with { ThresholdFactor = factor }).Selected.Count).ToArray();
        Assert.Equal(counts.OrderDescending(), counts);
        Assert.Equal(5, counts[0]);
        Assert.Equal(0, counts[^1]);
    }

    [Fact]
    public void Of_BestAlways_SelectsOneBelowTheThreshold()
    {
        float[] scores = [0.5f, 0.5f, 0.4f, 0.4f];
        Assert.Empty(ClassSelection.Of(scores, false, Defaults).Selected);
        Assert.Equal([0], ClassSelection.Of(scores, false, Defaults with { BestAlways = true }).Selected);
    }
}
