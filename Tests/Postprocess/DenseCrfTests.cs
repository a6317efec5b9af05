using Dashboard.Backend.Images;
using Dashboard.Backend.Postprocess;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Postprocess;

[Collection(LibtorchCollection.Name)]
public sealed class DenseCrfTests
{
    private static readonly DenseCrfSettings s_settings = DenseCrfSettings.IrnLabel;

    [Fact]
    public void Marginals_OnePixel_AreFiniteAndSumToOne()
    {
        var marginals = new DenseCrf(new(1, 1, 3, [10, 200, 30]), s_settings).Marginals([0.2f, 1.5f, 3f], 3);

        Assert.Equal(1, marginals.Sum(), 1e-5);
        Assert.True(marginals[0] > marginals[1] && marginals[1] > marginals[2], string.Join(' ', marginals));
    }

    [Fact]
    public void Marginals_OneLabel_AreOne()
    {
        var image = Noise(13, 7);

        Assert.All(new DenseCrf(image, s_settings).Marginals(new float[13 * 7], 1), marginal => Assert.Equal(1, marginal, 1e-6));
    }

    [Fact]
    public void DenseCrf_EmptyImage_IsRefused() => Assert.Throws<ArgumentException>(() => new DenseCrf(new(0, 0, 3, []), s_settings));

    [Fact]
    public void Marginals_ConstantImageAndUnary_FavourTheLikelyLabelEverywhere()
    {
        var image = new ImageBuffer(40, 30, 3, [.. Enumerable.Repeat((byte)128, 40 * 30 * 3)]);
        var unary = DenseCrfUnary.FromProbabilities([.. Enumerable.Repeat(0.6f, 1200), .. Enumerable.Repeat(0.4f, 1200)], 2);

        var marginals = new DenseCrf(image, s_settings).Marginals(unary, 2);

        Assert.All(marginals[..1200], marginal => Assert.InRange(marginal, 0.99f, 1f));
    }

    [Fact]
    public void Marginals_AllMassOnOneLabel_StayThere()
    {
        var image = Noise(20, 20);
        var unary = DenseCrfUnary.FromProbabilities([.. new float[400], .. Enumerable.Repeat(1f, 400), .. new float[400]], 3);

        var crf = new DenseCrf(image, s_settings);

        Assert.All(crf.Marginals(unary, 3)[400..800], marginal => Assert.Equal(1, marginal, 1e-3));
        Assert.All(crf.Labels(unary, 3).Labels, label => Assert.Equal(1, label));
    }

    [Fact]
    public void Marginals_NoKernels_AreTheSoftmaxOfTheUnary()
    {
        float[] unary = [0, 1, 90, 2, 0.5f, 0];

        var marginals = new DenseCrf(Noise(3, 1), new(5)).Marginals(unary, 2);

        for (var pixel = 0; pixel < 3; pixel++)
            Assert.Equal(1 / (1 + Math.Exp(unary[pixel] - unary[3 + pixel])), marginals[pixel], 1e-6);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(21)]
    [InlineData(30)]
    public void Marginals_AnyNumberOfThreads_AreTheSame(int labels)
    {
        var image = Noise(101, 67);
        var unary = Unary(image, labels);

        var one = new DenseCrf(image, DenseCrfSettings.DeepLab, threads: 1).Marginals(unary, labels);
        var many = new DenseCrf(image, DenseCrfSettings.DeepLab, threads: 7).Marginals(unary, labels);

        Assert.True(one.AsSpan().SequenceEqual(many));
    }

    [Fact]
    public void Marginals_LabelsThatNeverOccur_ChangeNothing()
    {
        var image = Noise(31, 23);
        var unary = Unary(image, 3);
        var crf = new DenseCrf(image, s_settings);

        var three = crf.Marginals(unary, 3);
        var many = crf.Marginals([.. unary, .. Enumerable.Repeat(80f, 24 * 31 * 23)], 27);

        for (var i = 0; i < three.Length; i++)
            Assert.Equal(three[i], many[i], 1e-4);
    }

    [Fact]
    public void Marginals_Repeated_DoNotDependOnWhatWasInferredBefore()
    {
        var image = Noise(31, 23);
        var crf = new DenseCrf(image, s_settings);

        var first = crf.Marginals(Unary(image, 2), 2);
        crf.Marginals(Unary(image, 9), 9, iterations: 3);

        Assert.Equal(first, crf.Marginals(Unary(image, 2), 2));
    }

    [Fact]
    public void Marginals_WrongNumberOfEnergies_SaysBothSizes()
    {
        var error = Assert.Throws<ArgumentException>(() => new DenseCrf(Noise(4, 3), s_settings).Marginals(new float[23], 2));

        Assert.Contains("2 labels over an image of 4x3 are 24 values, not 23", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Marginals_EnergyNotFinite_IsRefused(float energy) =>
        Assert.Throws<ArgumentException>(() => new DenseCrf(Noise(2, 1), s_settings).Marginals([0, 0, energy, 0], 2));

    [Fact]
    public void DenseCrf_DeviationNotAboveZero_NamesTheKernel()
    {
        var error = Assert.Throws<ArgumentException>(() => new DenseCrf(Noise(2, 2), new(1, PairwiseKernel.Bilateral(50, 0, 10))));

        Assert.Contains("Colour = 0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(1e-8f)]
    [InlineData(1e-38f)]
    public void DenseCrf_DeviationsFarTooSmall_AreRefused(float deviation)
    {
        var error = Assert.Throws<ArgumentException>(() => new DenseCrf(Noise(9, 9), new(1, PairwiseKernel.Bilateral(deviation, deviation, 10))));

        Assert.Contains("Enlarge", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refine_LabelsOfAnotherSize_SaysBothSizes()
    {
        var error = Assert.Throws<ArgumentException>(() => new DenseCrf(Noise(4, 3), s_settings).Refine(new(3, 4, new byte[12]), 2));

        Assert.Contains("3x4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refine_UnsurePixel_TakesTheLabelAround()
    {
        var image = new ImageBuffer(9, 9, 3, [.. Enumerable.Repeat((byte)90, 243)]);
        var labels = Enumerable.Repeat((byte)1, 81).ToArray();
        labels[40] = LabelMap.Ignore;

        Assert.Equal(1, new DenseCrf(image, s_settings).Refine(new(9, 9, labels), 2)[4, 4]);
    }

    [Fact]
    public void FromLabels_LabelOutOfRange_SaysWhere()
    {
        var error = Assert.Throws<ArgumentException>(() => DenseCrfUnary.FromLabels([0, 1, 7], 3));

        Assert.Contains("Pixel 2 has label 7", error.Message, StringComparison.Ordinal);
    }

    private static ImageBuffer Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(3).NextBytes(pixels);
        return new(width, height, 3, pixels);
    }

    private static float[] Unary(ImageBuffer image, int labels)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, labels * image.Width * image.Height).Select(_ => 4 * random.NextSingle())];
    }
}
