using System.Buffers.Binary;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Images;

public sealed class ImageFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WriteLabels_AllLabels_ReadBackAsIndicesWithTheVocPalette()
    {
        var labels = new LabelMap(32, 16, [.. Enumerable.Range(0, 512).Select(i => (byte)(i * 7))]);
        var path = Path.Combine(_folder, "labels.png");

        ImageFile.WriteLabels(path, labels);

        Assert.Equal(labels.Labels, ImageFile.ReadLabels(path).Labels);
        var decoded = ImageFile.Decode(File.ReadAllBytes(path), path);
        Assert.Equal((PixelLayout.Indexed, 8), (decoded.Info.Layout, decoded.Info.BitDepth));
        Assert.Equal(VocPalette.Rgb, decoded.Palette.Chunk(4).SelectMany(entry => entry[..3]).ToArray());
    }

    [Fact]
    public void WriteLabels_OwnPalette_KeepsIt()
    {
        var path = Path.Combine(_folder, "labels.png");
        ImageFile.WriteLabels(path, new(2, 1, [1, 0]), palette: [10, 20, 30, 40, 50, 60]);
        Assert.Equal([40, 50, 60, 10, 20, 30], ImageFile.ReadRgb(path).Pixels);
        Assert.Equal([1, 0], ImageFile.ReadLabels(path).Labels);
    }

    [Theory]
    [InlineData("rgb.png", "not a label map")]
    [InlineData("gray_alpha.png", "not a label map")]
    [InlineData("gray.jpg", "lossy")]
    public void ReadLabels_NoLabelMap_IsRefusedWithTheRemedy(string name, string reason)
    {
        var error = Assert.Throws<ImageException>(() => ImageFile.ReadLabels(ImageFixtures.At(name)));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void EncodePng_AnyChannels_DecodesToTheSamePixels(int channels)
    {
        var pixels = new byte[13 * 7 * channels];
        new Random(channels).NextBytes(pixels);
        var path = Path.Combine(_folder, "image.png");
        ImageFile.WritePng(path, new(13, 7, channels, pixels));
        var read = ImageFile.Read(path);
        Assert.Equal((channels, new ImageSize(13, 7)), (read.Channels, read.Size));
        Assert.Equal(pixels, read.Pixels);
    }

    [Theory]
    [InlineData(ChromaSubsampling.None, 2.0)]
    [InlineData(ChromaSubsampling.Horizontal, 4.0)]
    [InlineData(ChromaSubsampling.Both, 4.0)]
    public void EncodeJpeg_SmoothImage_ComesBackClose(ChromaSubsampling subsampling, double tolerance)
    {
        var image = Gradient(40, 30);
        var back = ImageFile.DecodeRgb(ImageFile.EncodeJpeg(image, 95, subsampling), "image.jpg");
        Assert.InRange(image.Pixels.Zip(back.Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, tolerance);
    }

    [Fact]
    public void EncodeJpeg_Alpha_IsRefused() => Assert.Throws<ArgumentException>(() => ImageFile.EncodeJpeg(new(1, 1, 4, new byte[4])));

    [Theory]
    [InlineData(1, "ABCDEF")]
    [InlineData(2, "BADCFE")]
    [InlineData(3, "FEDCBA")]
    [InlineData(4, "EFCDAB")]
    [InlineData(5, "ACEBDF")]
    [InlineData(6, "ECAFDB")]
    [InlineData(7, "FDBECA")]
    [InlineData(8, "BDFACE")]
    public void Apply_EachOrientation_TurnsAsTheStandardSays(int orientation, string expected)
    {
        var turned = ExifOrientation.Apply(new(2, 3, 1, [.. "ABCDEF"u8]), orientation);
        Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(turned.Pixels));
        Assert.Equal(orientation >= 5 ? new(3, 2) : new ImageSize(2, 3), turned.Size);
    }

    [Fact]
    public void ReadInfo_HeaderBehindLargeSegments_IsFound()
    {
        var jpeg = ImageFixtures.Bytes("rgb_q90_444.jpg");
        var comment = new byte[65_000];
        (comment[0], comment[1]) = (0xFF, 0xFE);
        BinaryPrimitives.WriteUInt16BigEndian(comment.AsSpan(2), 64_998);
        var path = Path.Combine(_folder, "large.jpg");
        File.WriteAllBytes(path, [.. jpeg[..2], .. comment, .. comment, .. jpeg[2..]]);
        Assert.Equal(ImageFile.ReadSize(ImageFixtures.At("rgb_q90_444.jpg")), ImageFile.ReadSize(path));
    }

    [Fact]
    public void ReadRgb_FourThreads_AllReadTheSame()
    {
        var files = ImageFixtures.Whole.ToArray();
        var expected = files.Select(file => ImageFile.ReadRgb(file).Pixels).ToArray();
        var threads = Enumerable.Range(0, 4).Select(_ =>
            Task.Run(() => Enumerable.Range(0, 10).SelectMany(_ => files.Select(file => ImageFile.ReadRgb(file).Pixels)).ToArray())).ToArray();
        Assert.All(threads, thread => Assert.All(thread.GetAwaiter().GetResult().Select((pixels, i) => (pixels, i)),
            read => Assert.Equal(expected[read.i % files.Length], read.pixels)));
    }

    private static ImageBuffer Gradient(int width, int height) =>
        new(width, height, 3, [.. Enumerable.Range(0, width * height)
            .SelectMany(i => new[] { (byte)(i % width * 5), (byte)(i / width * 7), (byte)(120 + i % width) })]);
}
