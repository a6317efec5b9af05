using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.AutoAugment;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;

namespace Dashboard.Tests.Datasets.Captions;

public sealed class ClipAugmentationTests
{
    private const int Side = 20;

    /// <summary>The red level rises from left to right; no level is the mean.</summary>
    private static readonly ImageBuffer Image =
        new(Side, Side, 3, [.. Enumerable.Range(0, Side * Side).SelectMany(i => new[] { (byte)(i % Side), (byte)1, (byte)2 })]);

    [Fact]
    public void Apply_WithoutChance_IsClipsPreprocessing() =>
        Assert.Equal(Normalisation.ImageNet.ToPlanes(Image), Augmented(flip: 0, erase: 0, seed: 1));

    [Fact]
    public void Apply_LargerImage_IsResizedAndCropped()
    {
        var wide = new ImageBuffer(60, 40, 3, [.. Enumerable.Repeat((byte)9, 60 * 40 * 3)]);
        var target = new float[3 * Side * Side];
        new ClipAugmentation(Side, 1, false, 0, 0, Normalisation.Clip).Apply(wide, new RandomStream(0), target);
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

    /// <summary>The models that ship are made again byte for byte: without the policy nothing may be drawn from the stream for it.</summary>
    [Fact]
    public void Epoch_WithoutAutoAugment_IsByteForByteAsBeforeThereWasOne()
    {
        using var folder = new TempFolder();
        // Recorded with the code before the option came.
        Assert.Equal("CA336532EA1819739391D297A6EB5B5499EF2A2475525D86257D2E483AD7BEC2", EpochHash(folder, autoAugment: false, threads: 2));
    }

    [Fact]
    public void Epoch_WithAutoAugment_IsAnotherAndTheSameWithAnyNumberOfThreads()
    {
        using var folder = new TempFolder();
        var single = EpochHash(folder, autoAugment: true, threads: 1);
        Assert.NotEqual(EpochHash(folder, autoAugment: false, threads: 1), single);
        Assert.Equal(single, EpochHash(folder, autoAugment: true, threads: 4));
    }

    [Fact]
    public void Apply_WithAutoAugment_AppliesThePolicyToTheCropAndThenFlips()
    {
        Assert.All(Enumerable.Range(0, 60), seed =>
        {
            var (random, target) = (new RandomStream(seed), new float[3 * Side * Side]);
            var flip = random.Chance(0.5);
            var augmented = ImageNetPolicy.Apply(RandomResizedCrop.Apply(Image, Side, 0.6, random), random);

            new ClipAugmentation(Side, 0.6, true, 0.5, 0, Normalisation.ImageNet).Apply(Image, new RandomStream(seed), target);

            Assert.Equal(Normalisation.ImageNet.ToPlanes(augmented, flip), target);
        });
    }

    private static string EpochHash(TempFolder folder, bool autoAugment, int threads)
    {
        var samples = Enumerable.Range(0, 12).Select(i =>
        {
            var pixels = new byte[40 * 30 * 3];
            for (var at = 0; at < pixels.Length; at++)
                pixels[at] = (byte)(i * 20 + at / 9 % 40);
            var path = folder.File($"{i}.png");
            ImageFile.WritePng(path, new ImageBuffer(40, 30, 3, pixels));
            return new Sample($"{i}", path, null, []);
        }).ToArray();
        var augmentation = new ClipAugmentation(24, 0.6, autoAugment, 0.5, 0.5, Normalisation.ImageNet);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var batch in new BatchLoader(samples, classes: 0, augmentation, new() { BatchSize = 4, Seed = 3, Threads = threads })
            .Read(epochs: 1))
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(batch.Images));
            batch.Dispose();
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static float[] Augmented(double flip, double erase, long seed)
    {
        var target = new float[3 * Side * Side];
        new ClipAugmentation(Side, 1, false, flip, erase, Normalisation.ImageNet).Apply(Image, new RandomStream(seed), target);
        return target;
    }
}
