using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Nsrom;

namespace Dashboard.Tests.Methods.Nsrom;

public sealed class ColourJitterTests
{
    /// <summary>A third of a turn is 85 of PIL's 255 levels of hue; backwards it is 171, a level more than two thirds.</summary>
    [Theory]
    [InlineData(0, 255, 0, 0)]
    [InlineData(1 / 3f, 0, 255, 0)]
    [InlineData(-1 / 3f, 6, 0, 255)]
    public void Hue_OfRed_GoesRound(float turn, byte red, byte green, byte blue) =>
        Assert.Equal([red, green, blue], ColourJitter.Hue(new(1, 1, 3, [255, 0, 0]), turn).Pixels);

    [Fact]
    public void Hue_OfGray_StaysGray() => Assert.Equal(new byte[] { 90, 90, 90 }, ColourJitter.Hue(new(1, 1, 3, [90, 90, 90]), 0.4f).Pixels);

    [Fact]
    public void Changes_ByNothing_LeaveTheImageAndByMinusOneTakeAllAway()
    {
        var image = new ImageBuffer(2, 1, 3, [200, 100, 0, 10, 20, 30]);
        foreach (var change in (Func<ImageBuffer, float, ImageBuffer>[])[ColourJitter.Brightness, ColourJitter.Contrast, ColourJitter.Saturation])
            Assert.Equal(image.Pixels, change(image, 0).Pixels);
        Assert.Equal(new byte[6], ColourJitter.Brightness(image, -1).Pixels);
        Assert.Single(ColourJitter.Contrast(image, -1).Pixels.Distinct());
        Assert.All(ColourJitter.Saturation(image, -1).Pixels.Chunk(3), pixel => Assert.Single(pixel.Distinct()));
    }
}
