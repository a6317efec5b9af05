using Dashboard.Backend.Postprocess.RandomWalk;

namespace Dashboard.Tests.Postprocess.RandomWalk;

public sealed class TransitionMatrixTests
{
    private const int Width = 60, Height = 45, Positions = Width * Height;

    [Fact]
    public void Walk_OfAConstantMap_LeavesItConstant() =>
        Assert.All(Transition(Edges(1), beta: 10).Walk(Enumerable.Repeat(0.7f, Positions).ToArray(), channels: 1, logSteps: 8),
            value => Assert.Equal(0.7f, value, 1e-3f));

    [Fact]
    public void Walk_AcrossAWallOfEdges_DoesNotGo()
    {
        var edges = new float[Positions];
        var maps = new float[Positions];
        for (var y = 0; y < Height; y++)
        {
            edges[y * Width + 20] = 1;
            for (var x = 0; x < 20; x++)
                maps[y * Width + x] = 1;
        }

        var propagated = Transition(edges, beta: 10).Walk(maps, channels: 1, logSteps: 6);

        for (var position = 0; position < Positions; position++)
            Assert.Equal(position % Width < 20 ? 1 : 0, propagated[position], 1e-5f);
    }

    [Fact]
    public void Walk_OfSparseMatrix_EqualsTheDenseOneSquared()
    {
        const int width = 9, height = 7, n = width * height;
        var affinity = AffinityMatrix.FromEdges(Values(2, n), width, height, new PathIndex(5));
        var maps = Values(3, 2 * n);

        var dense = new double[n, n];
        for (var column = 0; column < n; column++)
        {
            var sum = Enumerable.Range(0, n).Sum(row => Math.Pow(affinity[row, column], 4));
            for (var row = 0; row < n; row++)
                dense[row, column] = Math.Pow(affinity[row, column], 4) / sum;
        }
        for (var i = 0; i < 5; i++)
            dense = Squared(dense, n);
        var expected = from channel in Enumerable.Range(0, 2)
                       from column in Enumerable.Range(0, n)
                       select (float)Enumerable.Range(0, n).Sum(row => maps[channel * n + row] * dense[row, column]);

        var propagated = new TransitionMatrix(affinity, beta: 4).Walk(maps, channels: 2, logSteps: 5);

        Assert.All(expected.Zip(propagated), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Walk_WithOneThreadOrMore_GivesTheSameBits()
    {
        var (transition, maps) = (Transition(Edges(4), beta: 8), Values(5, 21 * Positions));
        Assert.Equal(transition.Walk(maps, 21, logSteps: 3, threads: 1), transition.Walk(maps, 21, logSteps: 3, threads: 7));
    }

    [Fact]
    public void Walk_OfNoMap_GivesNone() => Assert.Empty(Transition(Edges(6), beta: 10).Walk([], channels: 0, logSteps: 8));

    [Fact]
    public void Walk_OfMapsOfAnotherSize_SaysWhatIsMissing()
    {
        var error = Assert.Throws<ArgumentException>(() => Transition(Edges(7), beta: 10).Walk(new float[10], channels: 2, logSteps: 8));
        Assert.Contains("2 maps of 2700 positions are 5400 values, not 10.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromEdges_OfOnePosition_IsItselfAlone()
    {
        var affinity = AffinityMatrix.FromEdges([0.5f], 1, 1, new PathIndex(5));
        Assert.Equal((1, 1f), (affinity.Count, affinity[0, 0]));
        Assert.Equal([3f], new TransitionMatrix(affinity, 10).Walk([3f], 1, 8));
    }

    [Theory]
    [InlineData(5, 34)]
    [InlineData(10, 152)]
    public void Directions_OfARadius_AreAllWithinIt(int radius, int count)
    {
        var index = new PathIndex(radius);
        Assert.Equal(count, index.Directions.Count);
        Assert.All(index.Directions, direction => Assert.Equal((direction.Destination, new Offset(0, 0)), (direction.Path[0], direction.Path[^1])));
    }

    [Fact]
    public void PairGrid_SmallerThanItsMargins_HasNoSources() => Assert.Empty(new PairGrid(5, 8, 20).At(new(0, 0)));

    private static TransitionMatrix Transition(float[] edges, double beta) =>
        new(AffinityMatrix.FromEdges(edges, Width, Height, new PathIndex(5)), beta);

    private static float[] Edges(int seed) => Values(seed, Positions);

    private static float[] Values(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }

    private static double[,] Squared(double[,] matrix, int n)
    {
        var squared = new double[n, n];
        for (var row = 0; row < n; row++)
            for (var column = 0; column < n; column++)
                for (var k = 0; k < n; k++)
                    squared[row, column] += matrix[row, k] * matrix[k, column];
        return squared;
    }
}
