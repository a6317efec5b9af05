namespace Dashboard.Tests.EndToEnd;

/// <summary>The points of the charts: the page's own module, asked in a real browser.</summary>
[Collection(RunPageCollection.Name)]
public sealed class ChartPointsTests(RunPageFixture dashboard) : BrowserTests<RunPageFixture>(dashboard)
{
    /// <summary>By hand: averages 0.5, 1.25, 2.125 over biases 0.5, 0.75, 0.875.</summary>
    [Theory]
    [InlineData("[1, 2, 3]", "[1, 1, 1]", new[] { 1, 1.25 / 0.75, 2.125 / 0.875 })]
    [InlineData("[1, NaN, 2, 3]", "[1, 1, 1, 1]", new[] { 1, double.NaN, 1.25 / 0.75, 2.125 / 0.875 })]
    [InlineData("[5, 5, 5]", "[1, 1, 1]", new[] { 5.0, 5, 5 })]
    // An entry that stands for two points: 0.5² of the average is kept, and 1 - 0.5 · 0.5² the bias.
    [InlineData("[1, 3]", "[1, 2]", new[] { 1, (0.5 * 0.25 + 3 * 0.75) / 0.875 })]
    public async Task Smoothing_ByHalf_IsADebiasedAverage(string values, string counts, double[] expected)
    {
        var page = await OpenAsync("");

        var smoothed = await page.EvaluateAsync<double[]>(
            $"import('/js/live/points.js').then(m => [...m.smooth(new Float64Array({values}), new Float64Array({counts}), 0.5)])");

        Assert.Equal(expected, smoothed, (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public async Task Points_PageOpenForDays_MergeNeighboursAndKeepExtremes()
    {
        var page = await OpenAsync("");

        var kept = await page.EvaluateAsync<double[]>("""
            import('/js/live/points.js').then(({ Points }) => {
                const points = new Points();
                for (let step = 1; step <= 50000; step++) points.append(step, step, step === 12345 ? 99 : step === 23456 ? NaN : step % 7);
                return [points.length, points.total, Math.max(...points.max), points.lastStep];
            })
            """);

        Assert.True(kept[0] <= 4000);
        Assert.Equal([50000, 99, 50000], kept[1..]);
    }
}
