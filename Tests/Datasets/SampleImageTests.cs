using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Voc;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Datasets.Voc;
using Dashboard.Tests.Images;

namespace Dashboard.Tests.Datasets;

/// <summary>An image and its mask fit each other whatever the EXIF orientation says, and whoever reads them.</summary>
public sealed class SampleImageTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void ReadRgb_OfEveryOrientation_IsUprightAsItsMask(int orientation)
    {
        var sample = Photograph(orientation, 24, 16, maskAsStored: false);
        Assert.True(Matches(sample.ReadRgb(), sample.ReadTruth()));
        Assert.Equal(sample.ReadRgb().Size, sample.ReadSize());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(8)]
    public void ReadRgb_WhereTheMaskFitsTheStoredPixelsAlone_IsAsStored(int orientation)
    {
        var sample = Photograph(orientation, 24, 16, maskAsStored: true);
        Assert.Equal(new(24, 16), sample.ReadRgb().Size);
        Assert.True(Matches(sample.ReadRgb(), sample.ReadTruth()));
    }

    [Fact]
    public void ReadRgb_OfASquareImage_IsUpright()
    {
        var sample = Photograph(6, 24, 24, maskAsStored: false);
        Assert.True(Matches(sample.ReadRgb(), sample.ReadTruth()));
        Assert.False(Matches(ImageFile.ReadRgb(sample.ImagePath), sample.ReadTruth()));
    }

    [Fact]
    public void ReadRgb_OfAPngWithOrientation_IsUpright()
    {
        var path = _temp.File("turned.png");
        File.WriteAllBytes(path, TestPng.Make(2, 1, 8, TestPng.Gray, [10, 200], null, ("eXIf", Exif.Directory(6))));
        var image = new Sample("turned", path, null, []).ReadRgb();
        Assert.Equal(new(1, 2), image.Size);
        Assert.Equal([10, 10, 10, 200, 200, 200], image.Pixels);
    }

    [Fact]
    public void ReadTruth_BeyondTheClasses_NamesFileLabelAndPixel()
    {
        SmallVoc.Add(_temp, "a", ["cat"], [0, 8, 30]);
        SmallVoc.List(_temp, "train", "a");
        var error = Assert.Throws<ImageException>(() => VocFolder.Open(_temp.Path).Samples("train")[0].ReadTruth());
        Assert.Contains($"{_temp.File("SegmentationClass/a.png")} has the label 30 at x 2, y 0, but classes go from 1 to 20", error.Message,
            StringComparison.Ordinal);
    }

    /// <summary>Bright where the mask has label 1: the left third, upright.</summary>
    private Sample Photograph(int orientation, int width, int height, bool maskAsStored)
    {
        var stored = new ImageBuffer(width, height, 3, new byte[width * height * 3]);
        var size = ExifOrientation.Apply(stored, orientation).Size;
        // Where a pixel of the upright image comes from: its number, turned as the image is.
        var numbers = ExifOrientation.Apply(
            new(width, height, 2, [.. Enumerable.Range(0, width * height).SelectMany(i => new[] { (byte)i, (byte)(i >> 8) })]), orientation).Pixels;
        var labels = new byte[width * height];
        for (var i = 0; i < labels.Length; i++)
            if (i % size.Width < size.Width / 3)
            {
                var source = numbers[2 * i] | numbers[2 * i + 1] << 8;
                stored.Pixels.AsSpan(3 * source, 3).Fill(255);
                labels[maskAsStored ? source : i] = 1;
            }
        var (image, mask) = (_temp.File($"{orientation}.jpg"), _temp.File($"{orientation}.png"));
        File.WriteAllBytes(image, Exif.Jpeg(ImageFile.EncodeJpeg(stored, 98, ChromaSubsampling.None), orientation));
        ImageFile.WriteLabels(mask, maskAsStored ? new LabelMap(width, height, labels) : new LabelMap(size.Width, size.Height, labels));
        return new("photograph", image, mask, [0]);
    }

    private static bool Matches(ImageBuffer image, LabelMap mask) =>
        (image.Width, image.Height) == (mask.Width, mask.Height)
            && mask.Labels.Select((label, i) => (image.Pixels[3 * i] > 127) == (label == 1)).All(same => same);
}
