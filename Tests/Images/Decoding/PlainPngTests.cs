using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;

namespace Dashboard.Tests.Images.Decoding;

public sealed class PlainPngTests
{
    private const int Width = 37, Height = 41;
    private static readonly byte[] Palette = [.. Enumerable.Range(0, 768).Select(i => (byte)(i * 7))];
    private static readonly byte[] Samples = MakeSamples();

    [Theory]
    [InlineData(TestPng.Indexed, new byte[] { 0 })]
    [InlineData(TestPng.Indexed, new byte[] { 1 })]
    [InlineData(TestPng.Indexed, new byte[] { 2 })]
    [InlineData(TestPng.Gray, new byte[] { 3 })]
    [InlineData(TestPng.Gray, new byte[] { 4 })]
    [InlineData(TestPng.Gray, new byte[] { 4, 3, 2, 1, 0 })]
    public void TryDecode_EveryFilter_GivesTheSamples(int colour, byte[] filters)
    {
        var pixels = new byte[Width * Height];

        Assert.True(PlainPng.TryDecode(File(colour, filters), Info(colour), pixels));

        Assert.Equal(Samples, pixels);
    }

    /// <summary>Rows are read in bands of 64 kB.</summary>
    [Fact]
    public void TryDecode_MoreThanOneBand_GivesTheSamples()
    {
        const int side = 400;
        var samples = new byte[side * side];
        new Random(0).NextBytes(samples);
        var pixels = new byte[samples.Length];

        Assert.True(PlainPng.TryDecode(TestPng.Filtered(side, side, TestPng.Gray, samples, [4, 2]),
            new(ImageFormat.Png, side, side, PixelLayout.Gray, 8, 1), pixels));

        Assert.Equal(samples, pixels);
    }

    [Fact]
    public void TryDecode_CutAnywhere_IsLeftToLibpng()
    {
        var file = File(TestPng.Indexed, [0]);
        foreach (var length in Enumerable.Range(8, file.Length - 8))
            Assert.False(PlainPng.TryDecode(file.AsSpan(0, length), Info(TestPng.Indexed), new byte[Width * Height]), $"cut to {length} bytes");
    }

    [Fact]
    public void TryDecode_OneBitWrong_IsLeftToLibpng()
    {
        var file = File(TestPng.Indexed, [0]);
        for (var position = 8; position < file.Length; position++)
        {
            var damaged = file.ToArray();
            damaged[position] ^= 1;
            Assert.False(PlainPng.TryDecode(damaged, Info(TestPng.Indexed), new byte[Width * Height]), $"byte {position}");
        }
    }

    [Theory]
    [InlineData(9)]
    [InlineData(5)]
    public void TryDecode_FilterThatDoesNotExist_IsLeftToLibpng(byte filter) =>
        Assert.False(PlainPng.TryDecode(File(TestPng.Gray, [filter]), Info(TestPng.Gray), new byte[Width * Height]));

    /// <summary>The chunk's own checksum is right, the stream in it is not.</summary>
    [Fact]
    public void TryDecode_StreamDamagedOrCut_IsLeftToLibpng()
    {
        foreach (var edit in (Func<byte[], byte[]>[])[data => [.. data[..^4], 1, 2, 3, 4], data => data[..^9]])
            Assert.False(PlainPng.TryDecode(TestPng.Filtered(Width, Height, TestPng.Gray, Samples, [0], edit: edit), Info(TestPng.Gray),
                new byte[Width * Height]));
    }

    [Fact]
    public void TryDecode_FewerOrMoreRowsThanDeclared_IsLeftToLibpng()
    {
        foreach (var height in (int[])[Height - 1, Height + 1])
            Assert.False(PlainPng.TryDecode(File(TestPng.Gray, [0]), Info(TestPng.Gray) with { Height = height }, new byte[Width * height]));
    }

    private static byte[] File(int colour, byte[] filters) =>
        TestPng.Filtered(Width, Height, colour, Samples, filters, colour == TestPng.Indexed ? Palette : null);

    private static ImageInfo Info(int colour) =>
        new(ImageFormat.Png, Width, Height, colour == TestPng.Indexed ? PixelLayout.Indexed : PixelLayout.Gray, 8, 1);

    private static byte[] MakeSamples()
    {
        var samples = new byte[Width * Height];
        new Random(0).NextBytes(samples);
        return samples;
    }
}
