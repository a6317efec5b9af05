using Dashboard.Backend.Datasets.AutoAugment;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;

namespace Dashboard.Tests.Datasets.AutoAugment;

/// <summary>Chance; what the operations do to a pixel is the golden cases' business.</summary>
public sealed class ImageNetPolicyTests
{
    private static readonly ImageBuffer Image = Noise(24, 18);

    [Fact]
    public void Apply_SameStream_IsTheSameImage() =>
        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(Augmented(seed).Pixels, Augmented(seed).Pixels));

    [Fact]
    public void Apply_ManyTimes_GivesEveryOutcomeOfTheSubPoliciesAndNoOther()
    {
        // Every pair of operations with their magnitudes and signs, each applied or not: the rarest is expected ten times in 3,000.
        var possible = ImageNetPolicy.SubPolicies
            .SelectMany(pair => Outcomes(pair.First, Image).SelectMany(once => Outcomes(pair.Second, once)))
            .Select(Key).ToHashSet();
        var seen = Enumerable.Range(0, 3000).Select(seed => Key(Augmented(seed))).ToHashSet();
        Assert.Equal(possible.Order(), seen.Order());
    }

    [Fact]
    public void Apply_ManyTimes_LeavesAsManyImagesAloneAsThePolicySays()
    {
        var untouched = Enumerable.Range(0, 4000).Count(seed => ReferenceEquals(Augmented(seed), Image));
        var expected = ImageNetPolicy.SubPolicies.Average(pair => (1 - pair.First.Probability) * (1 - pair.Second.Probability));
        Assert.InRange(untouched / 4000.0, expected - 0.02, expected + 0.02);
    }

    [Fact]
    public void Apply_OperationWithSign_IsNegatedHalfOfTheTime()
    {
        var brighter = new ImageNetPolicy.Step(Operation.Brightness, 1, 3);
        var count = Enumerable.Range(0, 1000).Count(seed =>
            brighter.Apply(Image, new RandomStream(seed)).Pixels.Sum(level => level) > Image.Pixels.Sum(level => level));
        Assert.InRange(count, 440, 560);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(40, 1)]
    public void EveryOperation_OnATinyImage_KeepsItsSize(int width, int height)
    {
        var image = Noise(width, height);
        Assert.All(Operation.All, operation => Assert.All(new[] { 0, 9 }, number =>
        {
            Assert.Equal(image.Size, operation.Apply(image, operation.Magnitude(number)).Size);
            Assert.Equal(image.Size, operation.Apply(image, operation.EitherSign ? -operation.Magnitude(number) : operation.Magnitude(number)).Size);
        }));
    }

    private static IEnumerable<ImageBuffer> Outcomes(ImageNetPolicy.Step step, ImageBuffer image)
    {
        if (step.Probability < 1)
            yield return image;
        if (step.Probability == 0)
            yield break;
        var magnitude = step.Operation.Magnitude(step.Number);
        yield return step.Operation.Apply(image, magnitude);
        if (step.Operation.EitherSign)
            yield return step.Operation.Apply(image, -magnitude);
    }

    private static ImageBuffer Augmented(long seed) => ImageNetPolicy.Apply(Image, new RandomStream(seed));

    private static string Key(ImageBuffer image) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(image.Pixels));

    private static ImageBuffer Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(5).NextBytes(pixels);
        return new(width, height, 3, [.. pixels.Select(level => (byte)(20 + level / 2))]);
    }
}
