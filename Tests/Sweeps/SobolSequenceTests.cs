using Dashboard.Domain.Sweeps;

namespace Dashboard.Tests.Sweeps;

public sealed class SobolSequenceTests
{
    /// <summary>As scipy.stats.qmc.Sobol(d=3, scramble=False) and new-joe-kuo-6.21201 give them.</summary>
    [Fact]
    public void Point_WithoutShift_IsThePublishedSequence()
    {
        double[][] expected =
        [
            [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625], [0.875, 0.875, 0.125], [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
        ];
        var sequence = new SobolSequence(3);
        Assert.Equal(expected, expected.Select((_, i) => sequence.Point(i)));
    }

    /// <summary>What makes the numbers right: of the first 2^k points every 2^k-th part of every coordinate has one, shifted or not.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(7L)]
    public void Point_FirstPowersOfTwo_HaveOneInEveryPart(long? seed)
    {
        var sequence = new SobolSequence(SobolSequence.MostDimensions, seed);
        foreach (var count in (int[])[2, 16, 256])
        {
            var points = Enumerable.Range(0, count).Select(sequence.Point).ToList();
            for (var dimension = 0; dimension < SobolSequence.MostDimensions; dimension++)
                Assert.Equal(Enumerable.Range(0, count), points.Select(point => (int)(point[dimension] * count)).Order());
        }
    }

    [Fact]
    public void Point_FirstTwoCoordinates_FillEverySquare()
    {
        var sequence = new SobolSequence(2, seed: 3);
        Assert.Equal(16, Enumerable.Range(0, 16).Select(sequence.Point)
            .Select(point => ((int)(point[0] * 4), (int)(point[1] * 4))).Distinct().Count());
    }
}
