using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Images.Labels;

namespace Dashboard.Tests.Images.Decoding;

public sealed class DamagedImageTests
{
    public static TheoryData<string> Kinds => 
        ["rgb_q75_420.jpg", "rgb_progressive.jpg", "cmyk.jpg", "exif_orientation_6.jpg", "rgb.png", "interlaced_rgb.png", "gray_16bit.png",
            "gray_2bit.png", "voc_mask.png", "voc_mask_4bit.png"];

    [Fact]
    public void ReadRgb_CorruptFile_IsRefusedByNameInBoundedMemory()
    {
        Assert.NotEmpty(ImageFixtures.Corrupt);
        Assert.All(ImageFixtures.Corrupt, file =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(() => ImageFile.ReadRgb(file));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
            if (error is not null)
                Assert.Contains(file, Assert.IsType<ImageException>(error).Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_CutAnywhere_IsRefused(string name)
    {
        var whole = ImageFixtures.Bytes(name);
        ImageFile.Decode(whole, name);
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.Throws<ImageException>(() => ImageFile.Decode(cut, name));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_FlippedBytes_DecodesOrRefuses(string name)
    {
        var random = new Random(20);
        var whole = ImageFixtures.Bytes(name);
        for (var trial = 0; trial < 500; trial++)
        {
            byte[] damaged = [.. whole];
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            foreach (var read in new Action[] { () => ImageFile.DecodeRgb(damaged, name, ImageOrientation.Upright),
                () => ImageFile.Decode(damaged, name).ToLabels(LabelCoding.Of(20)) })
                if (Record.Exception(read) is { } error)
                    Assert.Contains(name, Assert.IsType<ImageException>(error).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("rgb.png", "photo.jpg", "mislabelled: its content is PNG")]
    [InlineData("gray.jpg", "mask.png", "mislabelled: its content is JPEG")]
    public void Decode_ExtensionOfTheOtherFormat_IsRefused(string name, string labelled, string reason)
    {
        var error = Assert.Throws<ImageException>(() => ImageFile.Decode(ImageFixtures.Bytes(name), labelled));
        Assert.StartsWith($"{labelled} is {reason}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_MorePixelsThanTheLimit_IsRefusedBeforeAnyPixelIsAllocated()
    {
        var image = ImageFile.EncodePng(new(3000, 1000, 1, new byte[3_000_000]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ImageException>(() => new NativeImageCodec().Decode(image, "wide.png", new(MaxPixels: 2_000_000)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
        Assert.Equal("wide.png declares 3000x1000 pixels; the limit is 2 megapixels.", error.Message);
    }

    [Fact]
    public void ReadRgb_MissingFileOrFolder_SaysSo()
    {
        Assert.Contains("/nowhere/cat.jpg cannot be read", Assert.Throws<ImageException>(() => ImageFile.ReadRgb("/nowhere/cat.jpg")).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<ImageException>(() => ImageFile.ReadRgb(Path.GetTempPath())).Message, StringComparison.Ordinal);
    }
}
