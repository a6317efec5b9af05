using Dashboard.Backend.Images;
using Dashboard.Domain.Datasets;

namespace Dashboard.Tests.Images;

public sealed class ColourMapTests
{
    [Theory]
    [InlineData("jet", 0.0, 0, 0, 128)]
    [InlineData("jet", 0.5, 125, 255, 122)]
    [InlineData("jet", 1.0, 128, 0, 0)]
    [InlineData("viridis", 0.0, 68, 1, 84)]
    [InlineData("viridis", 0.25, 59, 82, 139)]
    [InlineData("viridis", 0.5, 33, 145, 140)]
    [InlineData("viridis", 1.0, 253, 231, 37)]
    [InlineData("turbo", 0.0, 48, 18, 59)]
    [InlineData("turbo", 0.25, 40, 188, 235)]
    [InlineData("turbo", 0.5, 164, 252, 60)]
    [InlineData("turbo", 1.0, 122, 4, 3)]
    public void Table_KnownValue_IsThePublishedColour(string name, double value, int r, int g, int b)
    {
        var (red, green, blue) = ColourMap.All.Single(map => map.Name == name)[(float)value];
        Assert.InRange(red, r - 4, r + 4);
        Assert.InRange(green, g - 4, g + 4);
        Assert.InRange(blue, b - 4, b + 4);
    }

    [Theory]
    [InlineData(-1f, 0f)]
    [InlineData(7f, 1f)]
    [InlineData(float.NaN, 0f)]
    public void Index_OutsideTheRange_IsClipped(float value, float same) => Assert.Equal(ColourMap.Jet[same], ColourMap.Jet[value]);

    [Fact]
    public void Paint_AMap_GivesEveryValueItsColour()
    {
        Assert.Equal([0, 0, 128, 128, 0, 0], ColourMap.Jet.Paint([0, 1], 2, 1).Pixels);
        Assert.Throws<ArgumentException>(() => ColourMap.Jet.Paint([0, 1, 0], 2, 1));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 128, 0, 0)]
    [InlineData(15, 192, 128, 128)]
    [InlineData(255, 224, 224, 192)]
    public void VocPalette_Label_HasTheDevkitsColour(byte label, byte r, byte g, byte b) => Assert.Equal((r, g, b), VocPalette.Colour(label));
}
