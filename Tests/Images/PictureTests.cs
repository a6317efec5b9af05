using System.Buffers.Binary;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Images.Pictures;

namespace Dashboard.Tests.Images;

/// <summary>Pictures for eyes: what is written, and the formats that only ImageSharp reads.</summary>
public sealed class PictureTests
{
    /// <summary>A red and a green pixel, side by side; without loss.</summary>
    private static readonly byte[] WebP = Convert.FromBase64String("UklGRiIAAABXRUJQVlA4TBUAAAAvAQAAAA9wF+4r+N7Dfv4jDRnR/wAA");

    /// <summary>The same, to be turned to the right.</summary>
    private static readonly byte[] TurnedWebP = Convert.FromBase64String(
        "UklGRlYAAABXRUJQVlA4WAoAAAAIAAAAAQAAAAAAVlA4TBUAAAAvAQAAAA9wF+4r+N7Dfv4jDRnR/wAARVhJRhoAAABJSSoACAAAAAEAEgEDAAEAAAAGAAAAAAAAAA==");

    private static readonly byte[] TwoPixels = [200, 10, 20, 10, 220, 30];

    public static TheoryData<string> Formats => ["a.webp", "a.bmp", "a.gif"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_OfOtherFormats_GivesTheirPixels(string name)
    {
        var image = ImageFile.DecodeRgb(File(name), name);
        Assert.Equal(new(2, 1), image.Size);
        Assert.Equal(TwoPixels, image.Pixels);
        Assert.Equal(new(2, 1), ImageFile.Codec.ReadInfo(File(name), name, ImageLimits.Default).Size);
        Assert.Contains("labels are not read", Assert.Throws<ImageException>(() => ImageFile.Decode(File(name), name).ToLabels()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_AWebPWithOrientation_IsTurned()
    {
        var image = ImageFile.DecodeRgb(TurnedWebP, "a.webp", ImageOrientation.Upright);
        Assert.Equal(new(1, 2), image.Size);
        Assert.Equal(TwoPixels, image.Pixels);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_CutAnywhere_IsRefused(string name)
    {
        var whole = File(name);
        for (var length = 0; length < whole.Length; length++)
            Assert.Contains(name, Assert.Throws<ImageException>(() => ImageFile.Decode(whole.AsSpan(0, length), name)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_FlippedBytes_DecodesOrRefuses(string name)
    {
        var random = new Random(21);
        var whole = File(name);
        for (var trial = 0; trial < 500; trial++)
        {
            byte[] damaged = [.. whole];
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            if (Record.Exception(() => ImageFile.DecodeRgb(damaged, name, limits: new(MaxPixels: 1_000_000))) is { } error)
                Assert.Contains(name, Assert.IsType<ImageException>(error).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decode_ASizeBeyondTheLimit_IsRefusedBeforeItIsDecoded()
    {
        var (bmp, gif) = (File("a.bmp"), File("a.gif"));
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 16_000);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), 16_000);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(6), 16_000);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(8), 16_000);
        foreach (var (file, name) in new[] { (bmp, "a.bmp"), (gif, "a.gif") })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.Throws<ImageException>(() => ImageFile.DecodeRgb(file, name));
            Assert.Contains("declares 16000x16000 pixels; the limit is 100 megapixels", error.Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Theory]
    [InlineData("a.tif", "a TIFF image")]
    [InlineData("a.jpg", "a TIFF image")]
    public void Decode_Tiff_IsRefusedByName(string name, string content) => Assert.Equal(
        $"{name} is not an image in a format that is read (JPEG, PNG, WebP, BMP or GIF): its content is {content}.",
        Assert.Throws<ImageException>(() => ImageFile.Decode([.. "II*\0"u8, 8, 0, 0, 0], name)).Message);

    [Fact]
    public void EncodeGif_OfTwoFrames_BeginsWithTheFirstAndHasBoth()
    {
        var gif = File("a.gif");
        Assert.Equal(2, Frames(gif));
        Assert.Equal(TwoPixels, ImageFile.DecodeRgb(gif, "a.gif").Pixels);
    }

    [Fact]
    public void EncodeJpeg_AGrayImage_ComesBackClose()
    {
        var image = new ImageBuffer(16, 16, 1, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        var back = ImageFile.DecodeRgb(Pictures.EncodeJpeg(image, 95), "a.jpg");
        Assert.InRange(image.ToRgb().Pixels.Zip(back.Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 3);
    }

    [Fact]
    public void Overlay_HalfOpacity_MixesBothWhereThereIsSomethingAbove()
    {
        var gray = new ImageBuffer(2, 1, 1, [100, 200]);
        Assert.Equal([100, 100, 100, 200, 200, 200], Pictures.Overlay(gray, new(2, 1, 3, [0, 0, 128, 128, 0, 0]), 0).Pixels);
        Assert.Equal([50, 50, 114, 164, 100, 100], Pictures.Overlay(gray, new(2, 1, 3, [0, 0, 128, 128, 0, 0]), 0.5).Pixels);
        Assert.Equal([100, 100, 100, 0xE1, 0xF4, 0x24],
            Pictures.Overlay(gray, LabelPicture.Of(new(2, 1, [0, 1]), ["background", "boat"]), 1).Pixels);
        Assert.Throws<ArgumentException>(() => Pictures.Overlay(gray, new(1, 1, 3, [0, 0, 0]), 1));
    }

    [Fact]
    public void Strip_OfPicturesOfDifferentHeights_IsAsHighAsTheFirst()
    {
        var strip = PictureStrip.Of([new(4, 2, 3, new byte[24]), new(2, 4, 3, new byte[24])]);
        Assert.Equal(new(4 + 4 + 1, 2), strip.Size);
        Assert.Equal([0, 255, 255, 255, 255, 0], Enumerable.Range(3, 6).Select(x => strip.Pixels[3 * x]));
    }

    /// <summary>Graphic control blocks, one a frame.</summary>
    internal static int Frames(byte[] gif) => Enumerable.Range(0, gif.Length - 2).Count(i => gif[i] == 0x21 && gif[i + 1] == 0xF9 && gif[i + 2] == 4);

    private static byte[] File(string name) => name switch
    {
        "a.webp" => [.. WebP],
        "a.gif" => Pictures.EncodeGif([new(2, 1, 3, [.. TwoPixels]), new(2, 1, 3, new byte[6])], TimeSpan.FromMilliseconds(100)),
        _ => [.. "BM"u8, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[4], 8, 0, 0, 0,
            .. new byte[16], 20, 10, 200, 30, 220, 10, 0, 0],
    };
}
