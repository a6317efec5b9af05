using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Evaluation;

public sealed class SplitSweepTests : IDisposable
{
    private const int Labels = 4;
    private const int Side = 12;
    private static readonly IReadOnlyList<double> Thresholds = ThresholdSweep.Steps(0.05, 0.123);

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Written as halves, read, scored, stored and read again: at every threshold what SeedLabels and ConfusionMatrix say of the files.
    /// </summary>
    [Fact]
    public void File_OfSoftMaps_CountsAsTheLabelMapsAtEveryThreshold()
    {
        var images = Images(5);
        foreach (var image in images)
            SoftCamFile.Write(MapsOf(image.Id), Noise(image), half: true);
        var path = Path.Combine(_folder, "scores", "maps.sweep");

        SplitSweepFile.Write(path, SplitSweep.OfSoftMaps(images, (image, _) => SoftCamFile.Read(MapsOf(image.Id)), Labels, Thresholds));
        var stored = SplitSweepFile.Read(path);

        Assert.Equal(Thresholds, stored.Thresholds);
        foreach (var threshold in Thresholds)
        {
            var total = new ConfusionMatrix(Labels);
            var split = stored.At(threshold);
            for (var i = 0; i < images.Count; i++)
            {
                var maps = SoftCamFile.Read(MapsOf(images[i].Id));
                var expected = new ConfusionMatrix(Labels);
                expected.Add(images[i].Truth(), SeedLabels.FromCam(maps.Maps, maps.Classes, Side, Side, threshold));
                total.Add(expected.ToSparse());
                Assert.Equal(images[i].Id, split.Ids[i]);
                Assert.Equal(expected.ToSparse().Cells, split.Confusions[i].Cells.OrderBy(cell => (cell.Truth, cell.Prediction)));
            }

            Assert.Equal(total.MeanIou, split.Total.MeanIou);
            Assert.Equal(total.MeanIou, stored.MeanIou().Single(point => point.Threshold == threshold).Miou);
        }
    }

    [Fact]
    public void File_AnyBitFlipped_IsRefused()
    {
        var path = Path.Combine(_folder, "flipped.sweep");
        SplitSweepFile.Write(path, SplitSweep.OfSoftMaps(Images(2), (image, _) => Noise(image), Labels, [0.4]));
        var whole = File.ReadAllBytes(path);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = whole.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, flipped);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => SplitSweepFile.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The scores of runs from before there were checksums.</summary>
    [Fact]
    public void File_Version1_IsRead()
    {
        var path = Path.Combine(_folder, "old.sweep");
        var split = SplitSweep.OfSoftMaps(Images(2), (image, _) => Noise(image), Labels, [0.4]);
        SplitSweepFile.Write(path, split);
        var bytes = File.ReadAllBytes(path)[..^32];
        bytes[8] = 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(split.At(0.4).Total.MeanIou, SplitSweepFile.Read(path).At(0.4).Total.MeanIou);
    }

    [Fact]
    public void At_ThresholdBetweenTheSwept_TakesTheNearest()
    {
        var sweep = SplitSweep.OfSoftMaps(Images(2), (image, _) => Noise(image), Labels, [0.2, 0.4, 0.6]);

        Assert.Equal(0.4, sweep.At(0.47).Threshold);
        Assert.Equal(0.6, sweep.At(0.99).Threshold);
        Assert.Equal(sweep.MeanIou().MaxBy(point => point.Miou)!.Threshold, sweep.At(null).Threshold);
    }

    [Fact]
    public void OfLabelMaps_PredictedIgnore_CountsAsBackground()
    {
        var images = Images(1);
        var truth = images[0].Truth();
        var path = Path.Combine(_folder, "0.png");
        ImageFile.WriteLabels(path, new(Side, Side, [.. truth.Labels.Select((label, pixel) => pixel < Side ? LabelMap.Ignore : label)]));

        SplitSweepFile.Write(Path.Combine(_folder, "masks.sweep"), SplitSweep.OfLabelMaps(images, _ => ImageFile.ReadLabels(path), Labels));
        var split = SplitSweepFile.Read(Path.Combine(_folder, "masks.sweep")).At(null);

        var first = truth.Labels[..Side].Where(label => label is not (0 or LabelMap.Ignore)).ToList();
        Assert.NotEmpty(first);
        Assert.Null(split.Threshold);
        Assert.Equal(first.Count, Enumerable.Range(1, Labels - 1).Sum(label => split.Confusions[0].Pixels(label, 0)));
    }

    [Fact]
    public void OfLabelMaps_BadFiles_NamesEveryOne()
    {
        var images = Images(3);
        LabelMap Read(ScoredImage image) =>
            image.Id == "0" ? image.Truth() : image.Id == "1" ? new LabelMap(1, 1, [0]) : ImageFile.ReadLabels(Path.Combine(_folder, "nosuch.png"));

        var error = Assert.Throws<InvalidDataException>(() => SplitSweep.OfLabelMaps(images, Read, Labels));

        Assert.Contains("1: the label map is 1x1, but the ground truth is 12x12", error.Message, StringComparison.Ordinal);
        Assert.Contains("nosuch.png", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Cut off anywhere, or with any byte changed, the file is refused or read; nothing else happens.</summary>
    [Fact]
    public void Read_DamagedFile_IsRefusedWithItsName()
    {
        var path = Path.Combine(_folder, "maps.sweep");
        SplitSweepFile.Write(path, SplitSweep.OfSoftMaps(Images(2), (image, _) => Noise(image), Labels, [0.3, 0.6]));
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => SplitSweepFile.Read(path)).Message, StringComparison.Ordinal);
        }

        for (var i = 0; i < whole.Length; i++)
        {
            File.WriteAllBytes(path, [.. whole[..i], (byte)(whole[i] ^ 0xFF), .. whole[(i + 1)..]]);
            try
            {
                SplitSweepFile.Read(path);
            }
            catch (InvalidDataException error)
            {
                Assert.Contains(path, error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Disagreement_IgnoredPixels_AreLeftOut()
    {
        var share = Disagreement.Share(new(2, 3, [0, 1, 1, 2, 255, 0]), new(2, 3, [0, 1, 2, 2, 1, 255]));

        Assert.Equal(0.25, share);
        Assert.True(double.IsNaN(Disagreement.Share(new(1, 1, [255]), new(1, 1, [0]))));
        Assert.Throws<ArgumentException>(() => Disagreement.Share(new(1, 1, [0]), new(1, 2, [0, 0])));
    }

    private string MapsOf(string id) => SoftCamFile.PathOf(_folder, id);

    private static IReadOnlyList<ScoredImage> Images(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var random = new Random(i);
        var truth = new LabelMap(Side, Side,
            [.. Enumerable.Range(0, Side * Side).Select(_ => random.Next(12) == 0 ? LabelMap.Ignore : (byte)random.Next(Labels))]);
        return new ScoredImage($"{i}", [0, 2], () => truth);
    })];

    /// <summary>Values on the thresholds themselves, too.</summary>
    private static SoftCam Noise(ScoredImage image)
    {
        var random = new Random(100 + image.Id[0]);
        return new(Side, Side, image.Tags, [.. Enumerable.Range(0, image.Tags.Count * Side * Side).Select(_ => random.Next(21) * 0.05f)]);
    }
}
