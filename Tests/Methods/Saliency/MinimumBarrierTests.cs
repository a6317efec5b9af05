using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Saliency;

namespace Dashboard.Tests.Methods.Saliency;

public sealed class MinimumBarrierTests
{
    /// <summary>The definition, pixel by pixel: the smallest range of values on any path, found by trying every range.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Barriers_OfSmallImages_AreNeverBelowTheTrueOnesAndMostlyEqual(int seed)
    {
        const int width = 9, height = 7;
        var random = new Random(seed);
        var values = Enumerable.Range(0, width * height).Select(_ => (float)random.Next(5)).ToArray();
        var barriers = MinimumBarrier.Barriers(values, width, height);
        var exact = Enumerable.Range(0, values.Length).Select(pixel => Exact(values, width, height, pixel)).ToList();

        Assert.All(barriers.Zip(exact), pair => Assert.InRange(pair.First, pair.Second, 4));
        Assert.InRange(barriers.Zip(exact).Count(pair => pair.First == pair.Second), values.Length * 9 / 10, values.Length);
    }

    [Fact]
    public void Of_DiscOnPlainGround_IsBrightOnTheDiscAndDarkElsewhere()
    {
        var map = MinimumBarrier.Of(Painted((x, y) => (x - 10) * (x - 10) + (y - 8) * (y - 8) < 16 ? (200, 40, 40) : (60, 110, 60)));
        Assert.Equal((20, 16, 1), (map.Width, map.Height, map.Channels));
        Assert.InRange(map.Pixels[8 * 20 + 10], 245, 255);
        Assert.InRange(map.Pixels[0], 0, 5);
        Assert.InRange(map.Pixels[8 * 20 + 2], 0, 5);
    }

    /// <summary>What reaches the border is background, however it differs from the rest of it.</summary>
    [Fact]
    public void Of_StripeAcrossTheImage_IsNotSalient() =>
        Assert.All(MinimumBarrier.Of(Painted((_, y) => y is > 5 and < 10 ? (200, 40, 40) : (60, 110, 60))).Pixels,
            level => Assert.InRange(level, 0, 5));

    [Fact]
    public void Of_OneColour_IsBlack() => Assert.All(MinimumBarrier.Of(Painted((_, _) => (90, 90, 90))).Pixels, level => Assert.Equal(0, level));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(6, 1)]
    public void Of_ImagesThatAreAllBorder_AreBlack(int width, int height)
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(40 * i))];
        Assert.Equal(new byte[width * height], MinimumBarrier.Of(new(width, height, 3, pixels)).Pixels);
    }

    private static ImageBuffer Painted(Func<int, int, (int R, int G, int B)> colour) => new(20, 16, 3,
        [.. Enumerable.Range(0, 20 * 16).Select(i => colour(i % 20, i / 20)).SelectMany(rgb => new[] { (byte)rgb.R, (byte)rgb.G, (byte)rgb.B })]);

    /// <summary>Every interval of values that holds the pixel's: the narrowest in which it is connected to the border.</summary>
    private static float Exact(float[] values, int width, int height, int pixel)
    {
        var best = float.PositiveInfinity;
        foreach (var low in values.Distinct().Where(low => low <= values[pixel]))
            foreach (var high in values.Distinct().Where(high => high >= values[pixel]))
                if (high - low < best && Reaches(pixel, low, high))
                    best = high - low;
        return best;

        bool Reaches(int from, float low, float high)
        {
            var (seen, open) = (new HashSet<int> { from }, new Stack<int>([from]));
            while (open.TryPop(out var at))
            {
                var (x, y) = (at % width, at / width);
                if (x == 0 || y == 0 || x == width - 1 || y == height - 1)
                    return true;
                foreach (var next in (int[])[at - 1, at + 1, at - width, at + width])
                    if (values[next] >= low && values[next] <= high && seen.Add(next))
                        open.Push(next);
            }
            return false;
        }
    }
}
