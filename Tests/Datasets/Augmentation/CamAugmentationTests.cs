using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Images;

namespace Dashboard.Tests.Datasets.Augmentation;

public sealed class CamAugmentationTests
{
    /// <summary>Pixel (x, y) has the levels (x, y, 200).</summary>
    private static ImageBuffer Ramp(int width, int height) =>
        new(width, height, 3, [.. Enumerable.Range(0, width * height).SelectMany(i => new[] { (byte)(i % width), (byte)(i / width), (byte)200 })]);

    private static readonly float[] RedLevels = [.. Enumerable.Range(0, 256).Select(value => (float)((value / 255.0 - 0.485) / 0.229))];
    private static readonly float[] GreenLevels = [.. Enumerable.Range(0, 256).Select(value => (float)((value / 255.0 - 0.456) / 0.224))];

    [Fact]
    public void Apply_ToALargerImage_CutsEveryWindowAndBothDirections()
    {
        var image = Ramp(20, 12);
        var augmentation = new CamAugmentation(cropSize: 8, resizeLongMin: 20, resizeLongMax: 20);
        var seen = new HashSet<(int Left, int Top, bool Flip)>();
        var target = new float[3 * 64];
        for (var i = 0; i < 2000; i++)
        {
            augmentation.Apply(image, new(1, i), target);
            var (first, second) = (Array.IndexOf(RedLevels, target[0]), Array.IndexOf(RedLevels, target[1]));
            var top = Array.IndexOf(GreenLevels, target[64]);
            var flip = second < first;
            seen.Add((first, top, flip));
            for (var pixel = 0; pixel < 64; pixel++)
            {
                Assert.Equal(RedLevels[first + (flip ? -1 : 1) * (pixel % 8)], target[pixel]);
                Assert.Equal(GreenLevels[top + pixel / 8], target[64 + pixel]);
            }
        }
        // 13 columns by 5 rows of offsets, plain and mirrored: all of them, and no others.
        Assert.Equal(2 * 13 * 5, seen.Count);
        Assert.All(seen, window => Assert.InRange(window.Left, window.Flip ? 7 : 0, window.Flip ? 19 : 12));
    }

    [Fact]
    public void Apply_ToASmallerImage_PastesItIntoZerosAtARandomPlace()
    {
        var image = Ramp(6, 4);
        var augmentation = new CamAugmentation(cropSize: 8, resizeLongMin: 6, resizeLongMax: 6, flipProbability: 0);
        var places = new HashSet<int>();
        for (var i = 0; i < 500; i++)
        {
            var target = Enumerable.Repeat(9f, 3 * 64).ToArray();
            augmentation.Apply(image, new(1, i), target);
            var place = Array.IndexOf(target, RedLevels[0]);
            places.Add(place);
            Assert.Equal(24, target[..64].Count(value => value != 0));
            Assert.Equal(RedLevels[5], target[place + 5]);
            Assert.Equal(GreenLevels[3], target[64 + place + 3 * 8 + 5]);
        }
        Assert.Equal(3 * 5, places.Count);
    }

    [Fact]
    public void Apply_OfARandomLength_CoversTheWholeRange()
    {
        // A white square: the number of pixels that are not padding tells the length.
        var image = new ImageBuffer(10, 10, 3, [.. Enumerable.Repeat((byte)255, 300)]);
        var augmentation = new CamAugmentation(cropSize: 16, resizeLongMin: 5, resizeLongMax: 9);
        var target = new float[3 * 256];
        var lengths = Enumerable.Range(0, 400).Select(i =>
        {
            augmentation.Apply(image, new(1, i), target);
            return (int)Math.Sqrt(target[..256].Count(value => value != 0));
        }).CountBy(length => length).ToDictionary();
        Assert.Equal([5, 6, 7, 8, 9], lengths.Keys.Order());
        Assert.All(lengths.Values, count => Assert.InRange(count, 50, 115));
    }
}
