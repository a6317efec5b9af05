using Dashboard.Backend.Images;
using Dashboard.Backend.Postprocess;
using Dashboard.Tests.Golden;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Postprocess;

/// <summary>Mean field as a GPU computes it, on the device of the golden tests, beside the processor's.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class TensorMeanFieldTests
{
    [Theory]
    [InlineData(61, 43, 1)]
    [InlineData(61, 43, 2)]
    [InlineData(61, 43, 21)]
    [InlineData(1, 1, 3)]
    [InlineData(1, 40, 3)]
    public void Marginals_AreThoseOfTheProcessor(int width, int height, int labels)
    {
        var image = Picture(width, height);
        var unary = Unary(width * height, labels);
        foreach (var settings in (DenseCrfSettings[])[DenseCrfSettings.IrnLabel, DenseCrfSettings.DeepLab, DenseCrfSettings.SimSeg, new(5)])
        {
            using var onTensors = DenseCrf.OnTensors(image, settings, TestDevice.Current);

            var expected = new DenseCrf(image, settings).Marginals(unary, labels);
            var marginals = onTensors.Marginals(unary, labels);

            Assert.Equal(expected.Length, marginals.Length);
            Assert.All(expected.Zip(marginals), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            Assert.Equal(marginals, onTensors.Marginals(unary, labels));
        }
    }

    [Fact]
    public void Labels_WhereAllAreEqual_AreTheFirst()
    {
        using var crf = DenseCrf.OnTensors(Picture(9, 7), DenseCrfSettings.IrnLabel, TestDevice.Current);

        Assert.All(crf.Labels(new float[4 * 9 * 7], 4).Labels, label => Assert.Equal(0, label));
    }

    [Fact]
    public void DenseCrf_DeviationsBelowAPixelsShare_AreRefusedAlike()
    {
        var settings = new DenseCrfSettings(1, PairwiseKernel.Bilateral(1e-6f, 1e-6f, 10));

        var expected = Assert.Throws<ArgumentException>(() => new DenseCrf(Picture(9, 9), settings)).Message;

        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => DenseCrf.OnTensors(Picture(9, 9), settings, TestDevice.Current)).Message);
    }

    /// <summary>A bright disc on noise, with one flat half, where many pixels share a vertex.</summary>
    private static ImageBuffer Picture(int width, int height)
    {
        var (random, pixels) = (new Random(5), new byte[3 * width * height]);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / 3 % width - width / 2, i / 3 / width - height / 2);
            pixels[i] = x * x + y * y < height * height / 9 ? (byte)220 : x < 0 ? (byte)40 : (byte)random.Next(120);
        }
        return new(width, height, 3, pixels);
    }

    private static float[] Unary(int pixels, int labels)
    {
        var random = new Random(labels);
        return [.. Enumerable.Range(0, labels * pixels).Select(_ => 3 * random.NextSingle())];
    }
}
