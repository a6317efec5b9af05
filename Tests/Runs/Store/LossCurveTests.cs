using Dashboard.Backend.Runs.Store;

namespace Dashboard.Tests.Runs.Store;

public sealed class LossCurveTests
{
    [Fact]
    public void Letters_OfAFallingLoss_FallFromHighestToLowest()
    {
        var curve = new LossCurve();
        foreach (var value in new[] { 4.0, double.NaN, 2.0, 0.0 })
            curve.Add(value);

        // What is not a number has no place on a line.
        Assert.Equal("zma", curve.Letters());
    }

    [Theory]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Letters_OfAnyLength_FitTheRowAndKeepTheShape(int count)
    {
        var curve = new LossCurve();
        for (var i = 0; i < count; i++)
            curve.Add(count - i);

        var letters = curve.Letters()!;
        Assert.InRange(letters.Length, 20, LossCurve.Points);
        Assert.Equal(string.Concat(letters.OrderDescending()), letters);
        Assert.Equal(('z', 'a'), (letters[0], letters[^1]));
    }

    [Fact]
    public void Letters_OfLessThanALine_AreNone()
    {
        var curve = new LossCurve();
        curve.Add(1);

        Assert.Null(curve.Letters());
    }
}
