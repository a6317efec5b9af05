using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;

namespace Dashboard.Tests.Images.Resizing;

/// <summary>What the golden cases leave out; the numbers themselves are theirs.</summary>
public sealed class ResamplingTests
{
    [Theory]
    [InlineData(ResampleFilter.Nearest)]
    [InlineData(ResampleFilter.Bilinear)]
    [InlineData(ResampleFilter.Bicubic)]
    public void Resize_UniformImage_StaysUniform(ResampleFilter filter)
    {
        Assert.All(new[] { 1, 2, 3, 4 }, channels => Assert.All(new[] { (5, 3), (37, 41), (1, 1), (11, 41) }, size =>
        {
            var image = new ImageBuffer(17, 13, channels, Enumerable.Repeat((byte)255, 17 * 13 * channels).ToArray());
            Assert.All(Resampling.Resize(image, size.Item1, size.Item2, filter).Pixels, level => Assert.Equal(255, level));
        }));
    }

    [Fact]
    public void Resize_EveryChannelCount_TreatsChannelsAlike()
    {
        var gray = new byte[29 * 23];
        new Random(3).NextBytes(gray);
        var single = Resampling.Resize(new(29, 23, 1, gray), 40, 11, ResampleFilter.Bicubic).Pixels;
        var rgb =
            Resampling.Resize(new(29, 23, 3, [.. gray.SelectMany(level => new[] { level, level, level })]), 40, 11, ResampleFilter.Bicubic).Pixels;
        var opaque =
            Resampling.Resize(new(29, 23, 2, [.. gray.SelectMany(level => new[] { level, (byte)255 })]), 40, 11, ResampleFilter.Bicubic).Pixels;
        Assert.Equal(single.SelectMany(level => new[] { level, level, level }), rgb);
        Assert.Equal(single, opaque.Where((_, i) => i % 2 == 0));
    }

    [Fact]
    public void Resize_TransparentNeighbour_DoesNotBleedItsColour()
    {
        var redBesideInvisibleGreen = new ImageBuffer(2, 1, 4, [255, 0, 0, 255, 0, 255, 0, 0]);
        var single = Resampling.Resize(redBesideInvisibleGreen, 1, 1, ResampleFilter.Bilinear).Pixels;
        Assert.Equal([255, 0, 0, 128], single);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, -1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Resize_ImpossibleSize_IsRefused(int width, int height) =>
        Assert.Throws<ArgumentException>(() => Resampling.Resize(new(2, 2, 1, new byte[4]), width, height, ResampleFilter.Bicubic));

    [Fact]
    public void CropToPlanes_FlippedAndPadded_EqualsFlipThenNormaliseThenCut()
    {
        var pixels = new byte[9 * 6 * 3];
        new Random(4).NextBytes(pixels);
        var image = new ImageBuffer(9, 6, 3, pixels);
        Assert.All(Enumerable.Range(0, 40), seed =>
        {
            var box = CropBox.Random(image.Size, 7, new Random(seed));
            var planes = new float[3 * 7 * 7];
            Normalisation.ImageNet.CropToPlanes(image, box, planes, flip: true);

            var flipped = Normalisation.ImageNet.ToPlanes(ImageTransforms.FlipHorizontal(image));
            var expected = Enumerable.Range(0, 3).SelectMany(c => box.Cut<float>(flipped.AsSpan(c * 54, 54), image.Size, 1, 0));
            Assert.Equal(expected, planes);
        });
    }
}
