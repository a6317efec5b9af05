using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Irn;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Methods.Irn;

public sealed class IrnAugmentationTests
{
    private const int Crop = 40;

    /// <summary>
    /// An image whose right third is white and labelled 3: wherever the crop lies, label and image agree, and beyond the image nothing is said.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Apply_ImageAndLabel_MoveTogether(int seed)
    {
        var (width, height) = (30, 24);
        var labels = Enumerable.Range(0, width * height).Select(pixel => pixel % width >= 20 ? (byte)3 : (byte)0).ToArray();
        var image = new ImageBuffer(width, height, 3, [.. labels.SelectMany(label => Enumerable.Repeat(label == 3 ? (byte)255 : (byte)0, 3))]);
        var (planes, moved) = (new float[3 * Crop * Crop], new byte[Crop * Crop]);

        new IrnAugmentation(Normalisation.ImageNet, Crop, 1, 2)
            .Apply(new(image, new LabelMap(width, height, labels)), new RandomStream(seed), new(planes, moved));

        // Normalised white is above 2, black below -1.5; what bicubic mixes lies between, beyond the image is 0.
        for (var pixel = 0; pixel < moved.Length; pixel++)
        {
            if (planes[pixel] > 2)
                Assert.Equal(3, moved[pixel]);
            if (planes[pixel] < -1.5)
                Assert.Equal(0, moved[pixel]);
            if (moved[pixel] == LabelMap.Ignore)
                Assert.Equal(0, planes[pixel]);
        }
        Assert.Contains((byte)0, moved);
        Assert.Contains((byte)3, moved);
    }

    [Fact]
    public void Apply_TheSameStream_GivesTheSame()
    {
        var source = new LabelledImage(new ImageBuffer(30, 24, 3, [.. Enumerable.Range(0, 30 * 24 * 3).Select(i => (byte)(i * 7))]),
            new LabelMap(30, 24, new byte[30 * 24]));
        Assert.Equal(Make(5), Make(5));
        Assert.NotEqual(Make(5), Make(6));

        float[] Make(int seed)
        {
            var planes = new float[3 * Crop * Crop];
            new IrnAugmentation(Normalisation.ImageNet, Crop, 0.5, 1.5).Apply(source, new RandomStream(seed), new(planes, new byte[Crop * Crop]));
            return planes;
        }
    }
}
