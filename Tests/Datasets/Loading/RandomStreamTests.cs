using Dashboard.Backend.Datasets.Loading;


namespace Dashboard.Tests.Datasets.Loading;

public sealed class RandomStreamTests
{
    [Fact]
    public void NextUInt64_OfAnyVersion_GivesTheSameNumbers()
    {
        var random = new RandomStream(1, 2, 3);
        Assert.Equal<ulong>([17131488127121079227, 16419835726768847368, 7645713416136881990],
            [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()]);
    }

    [Fact]
    public void Stream_OfOtherKeys_DrawsOtherNumbers()
    {
        ulong[] firsts = [new RandomStream(0).NextUInt64(), new RandomStream(1).NextUInt64(), new RandomStream(0, 1).NextUInt64(),
            new RandomStream(0, 0, 1).NextUInt64(), new RandomStream(0, 1, 0).NextUInt64()];
        Assert.Equal(5, firsts.Distinct().Count());
    }

    [Fact]
    public void Integer_OverManyDraws_IsUniformAndInRange()
    {
        var random = new RandomStream(7);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++)
            counts[random.Integer(3, 8) - 3]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Uniform_OverManyDraws_FillsItsInterval()
    {
        var random = new RandomStream(7);
        var values = Enumerable.Range(0, 50_000).Select(_ => random.Uniform(-1, 3)).ToArray();
        Assert.All(values, value => Assert.True(value is >= -1 and < 3));
        Assert.InRange(values.Average(), 0.97, 1.03);
        Assert.True(values.Min() < -0.99 && values.Max() > 2.99);
    }

    [Fact]
    public void AddNoise_OverManyValues_HasMeanZeroAndTheDeviation()
    {
        var values = new float[100_000];
        new RandomStream(7).AddNoise(values, 0.02f);
        Assert.InRange(values.Average(), -0.0003, 0.0003);
        Assert.InRange(Math.Sqrt(values.Average(value => (double)value * value)), 0.0198, 0.0202);
    }

    [Fact]
    public void Shuffle_OfThreeItems_GivesEveryOrderEquallyOften()
    {
        var random = new RandomStream(7);
        var orders = Enumerable.Range(0, 60_000).Select(_ =>
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle(items.AsSpan());
            return new string(items);
        }).CountBy(order => order).ToDictionary();
        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 9_600, 10_400));
    }
}
