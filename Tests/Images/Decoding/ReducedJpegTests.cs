using System.Security.Cryptography;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;

namespace Dashboard.Tests.Images.Decoding;

/// <summary>JPEGs that are made smaller while they are decoded. The digests are of what Pillow's <c>draft</c> gives of the same files.</summary>
public sealed class ReducedJpegTests
{
    [Theory]
    [InlineData("rgb_q75_420.jpg", 2, 14, 10, "f07c70afe707af3b")]
    [InlineData("rgb_q75_420.jpg", 4, 7, 5, "9d4128d2cfbe4611")]
    [InlineData("rgb_q75_420.jpg", 8, 4, 3, "294413c923900f8d")]
    [InlineData("rgb_progressive.jpg", 2, 14, 10, "464ef532dc9b9e0e")]
    [InlineData("rgb_progressive.jpg", 8, 4, 3, "271423d43df8a1a5")]
    [InlineData("cmyk.jpg", 4, 7, 5, "8344e2a9e43ac34c")]
    public void ReadRgb_Reduced_GivesPillowsBytes(string name, int reduction, int width, int height, string digest)
    {
        var image = ImageFile.ReadRgb(ImageFixtures.At(name), _ => ImageOrientation.AsStored, _ => reduction);

        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.StartsWith(digest, Convert.ToHexStringLower(SHA256.HashData(image.Pixels)), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRgb_ReducedAndTurned_IsUpright()
    {
        var path = ImageFixtures.At("exif_orientation_6.jpg");
        var whole = ImageFile.ReadRgb(path, ImageOrientation.Upright);

        var image = ImageFile.ReadRgb(path, _ => ImageOrientation.Upright, _ => 2);

        Assert.Equal(((whole.Width + 1) / 2, (whole.Height + 1) / 2), (image.Width, image.Height));
    }

    [Fact]
    public void ReadRgb_APngToBeReduced_ComesWhole() =>
        Assert.Equal(ImageFile.ReadRgb(ImageFixtures.At("rgb.png")).Pixels,
            ImageFile.ReadRgb(ImageFixtures.At("rgb.png"), _ => ImageOrientation.AsStored, _ => 8).Pixels);

    [Fact]
    public void Decode_ReducedAndCut_IsRefused()
    {
        var whole = ImageFixtures.Bytes("rgb_q75_420.jpg");
        ImageFile.Codec.Decode(whole, "whole.jpg", ImageLimits.Default, reduction: 8);

        var cut = whole[..(whole.Length * 3 / 4)];
        Assert.Throws<ImageException>(() => ImageFile.Codec.Decode(cut, "cut.jpg", ImageLimits.Default, reduction: 8));
    }
}
