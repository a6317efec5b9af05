using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Images;

namespace Dashboard.Tests.Datasets.Captions;

public sealed class ClipAugmentationTests
{
    private const int Side = 20;

    /// <summary>The red level rises from left to right; no level is the mean.</summary>
    private static readonly ImageBuffer Image = new(Side, Side, 3, [.. Enumerable.Range(0, Side * Side).SelectMany(i => new[] { (byte)(i % Side), (byte)1, (byte)2 })]);

    [Fact]
    public void Apply_WithoutChance_IsClipsPreprocessing() => Assert.Equal(Normalisation.ImageNet.ToPlanes(Image), Augmented(flip: 0, erase: 0, seed: 1));

    [Fact]
    public void Apply_LargerImage_IsResizedAndCropped()
    {
        var wide = new ImageBuffer(60, 40, 3, [.. Enumerable.Repeat((byte)9, 60 * 40 * 3)]);
        var target = new float[3 * Side * Side];
        new ClipAugmentation(Side, 1, 0, 0, Normalisation.Clip).Apply(wide, new RandomStream(0), target);
        Assert.Equal(Normalisation.Clip.ToPlanes(new ImageBuffer(Side, Side, 3, [.. Enumerable.Repeat((byte)9, Side * Side * 3)])), target);
    }

    [Fact]
    public void Apply_ManyTimes_FlipsHalfOfTheImages()
    {
        var flipped = Enumerable.Range(0, 400).Count(seed => Augmented(flip: 0.5, erase: 0, seed)[0] > Normalisation.ImageNet.ToPlanes(Image)[0]);
        Assert.InRange(flipped, 160, 240);
    }

    [Fact]
    public void Apply_ManyTimes_ErasesRectanglesInAllPlanesAlike()
    {
        var areas = Enumerable.Range(0, 400).Select(seed =>
        {
            var planes = Augmented(flip: 0, erase: 0.5, seed);
            var erased = Enumerable.Range(0, Side * Side).Where(pixel => planes[pixel] == 0).ToArray();
            Assert.Equal(3 * erased.Length, planes.Count(value => value == 0));
            Assert.All(erased, pixel => Assert.Equal((0f, 0f), (planes[Side * Side + pixel], planes[2 * Side * Side + pixel])));
            return erased.Length;
        }).ToList();
        Assert.InRange(areas.Count(area => area > 0), 160, 240);
        // One rectangle has 4 to 11 pixels a side, two of them at most twice that.
        Assert.All(areas.Where(area => area > 0), area => Assert.InRange(area, 16, 242));
        Assert.Contains(areas, area => area > 121);
    }

    private static float[] Augmented(double flip, double erase, long seed)
    {
        var target = new float[3 * Side * Side];
        new ClipAugmentation(Side, 1, flip, erase, Normalisation.ImageNet).Apply(Image, new RandomStream(seed), target);
        return target;
    }
}
