using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Datasets.Loading;

/// <summary>
/// Batches with label map and saliency: red tells the label, green the saliency, so that each pixel says whether the three went together.
/// </summary>
public sealed class LabelledBatchTests : IDisposable
{
    private const int Width = 24;
    private const int Height = 18;
    private const int Side = 20;

    private readonly TempFolder _temp = new();
    private readonly Sample[] _samples;
    private readonly LabelSources _sources = new(LabelsOf) { Saliency = SaliencyOf };

    public LabelledBatchTests() => _samples = [.. Enumerable.Range(0, 6).Select(i =>
    {
        var (path, random) = (_temp.File($"{i}.png"), new RandomStream(i));
        byte[] pixels =
            [.. Enumerable.Range(0, Width * Height).SelectMany(_ => (byte[])[(byte)(100 * random.Integer(3)), (byte)random.Integer(256), 0])];
        ImageFile.WritePng(path, new(Width, Height, 3, pixels));
        return new Sample($"{i}", path, null, [i % 3]);
    })];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Read_ImageLabelsAndSaliency_GoTogetherThroughEveryCropAndFlip()
    {
        // At a scale of 1 no pixel is mixed with another: what is read back must fit exactly.
        var (pixels, beyond) = (0, 0);
        foreach (var batch in Loader(scales: [1.0]).Read(epochs: 4))
            using (batch)
                for (var i = 0; i < batch.LabelMaps.Length; i++)
                {
                    var (image, pixel) = (i / (Side * Side), i % (Side * Side));
                    var red = Level(batch, image, plane: 2, pixel);
                    if (batch.LabelMaps[i] == LabelMap.Ignore)
                    {
                        Assert.Equal((0f, 0), (batch.Images[(image * 3 + 2) * Side * Side + pixel], batch.Saliency[i]));
                        beyond++;
                        continue;
                    }
                    Assert.Equal((100 * batch.LabelMaps[i], (int)batch.Saliency[i]), (red, Level(batch, image, plane: 1, pixel)));
                    pixels++;
                }
        Assert.Equal((4 * 6 * Height * Side, 4 * 6 * (Side - Height) * Side), (pixels, beyond));
    }

    [Fact]
    public void Read_WithAnyNumberOfThreadsAndFromTheMiddle_GivesTheSameLabelMaps()
    {
        var whole = Contents(Loader(), 0);
        Assert.Equal(whole, Contents(Loader(threads: 4), 0));
        Assert.Equal(whole.Skip(3), Contents(Loader(threads: 2), 1));
        Assert.Equal(whole.Count, whole.Distinct().Count());
    }

    [Fact]
    public void Read_WithoutSaliency_HasNone()
    {
        var loader = new BatchLoader(_samples, 3, Augmentation([0.5, 1.5]), new LabelSources(LabelsOf), new() { BatchSize = 2, Seed = 1 });
        foreach (var batch in loader.Read(epochs: 1))
            using (batch)
                Assert.Equal((2 * Side * Side, 0), (batch.LabelMaps.Length, batch.Saliency.Length));
    }

    [Fact]
    public void Read_LabelMapOfAnotherSize_NamesImageAndSizes()
    {
        var loader = new BatchLoader(_samples, 3, Augmentation([1.0]), new LabelSources(_ => new(2, 3, new byte[6])),
            new() { BatchSize = 2, Seed = 1, Shuffle = false });
        var error = Assert.Throws<DatasetException>(() => loader.Read(epochs: 1).First());
        Assert.Contains($"The label map of 0 has 2x3 pixels, its image {_samples[0].ImagePath} {Width}x{Height}.", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LaterEpochs_KeepLabelMapsInMemory()
    {
        var reads = 0;
        var loader = new BatchLoader(_samples, 3, Augmentation([1.0]), new LabelSources(sample =>
        {
            Interlocked.Increment(ref reads);
            return LabelsOf(sample);
        }), new() { BatchSize = 2, Seed = 1 });
        foreach (var batch in loader.Read(epochs: 5))
            batch.Dispose();
        Assert.Equal((6, 6L * Width * Height * 4), (reads, loader.CachedBytes));
    }

    private BatchLoader Loader(int threads = 1, double[]? scales = null) =>
        new(_samples, 3, Augmentation(scales ?? [0.5, 1.0, 2.0]), _sources, new() { BatchSize = 2, Seed = 3, Threads = threads });

    private static ILabelledAugmentation Augmentation(double[] scales) => new DeeplabAugmentation(PixelInput.Caffe, Side, scales);

    private static LabelMap LabelsOf(Sample sample)
    {
        var image = sample.ReadRgb();
        return new(image.Width, image.Height, [.. image.Pixels.Chunk(3).Select(pixel => (byte)(pixel[0] / 100))]);
    }

    private static ImageBuffer SaliencyOf(Sample sample)
    {
        var image = sample.ReadRgb();
        return new(image.Width, image.Height, 1, [.. image.Pixels.Chunk(3).Select(pixel => pixel[1])]);
    }

    /// <summary>0..255: planes are blue, green, red.</summary>
    private static int Level(Batch batch, int image, int plane, int pixel) =>
        (int)Math.Round(batch.Images[(image * 3 + plane) * Side * Side + pixel] + PixelInput.Caffe.Mean[plane]);

    private static List<string> Contents(BatchLoader loader, int startEpoch)
    {
        var contents = new List<string>();
        foreach (var batch in loader.Read(epochs: 3, startEpoch))
            using (batch)
                contents.Add($"{string.Join(",", batch.Ids)} {Convert.ToHexString(batch.LabelMaps)} {Convert.ToHexString(batch.Saliency)}");
        return contents;
    }
}
