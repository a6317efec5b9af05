using Dashboard.Backend.Images;

namespace Dashboard.Tests.Images;

public sealed class HeatOverlayTests
{
    /// <summary>A peak that darkens the object hides what was found.</summary>
    [Fact]
    public void Paint_RisingMap_NeverGetsDarkerAndPeaksBrightest()
    {
        var black = new ImageBuffer(101, 1, 3, new byte[303]);
        var painted = HeatOverlay.Paint(black, [.. Enumerable.Range(0, 101).Select(i => i / 100f)]);

        var lightness = Enumerable.Range(0, 101).Select(i =>
            0.2126 * painted.Pixels[3 * i] + 0.7152 * painted.Pixels[3 * i + 1] + 0.0722 * painted.Pixels[3 * i + 2]).ToList();
        Assert.All(lightness.Zip(lightness.Skip(1)),
            pair => Assert.True(pair.Second >= pair.First - 1, $"{pair.First} is followed by {pair.Second}"));
        Assert.True(lightness[^1] > 200);
    }

    [Fact]
    public void Paint_NothingFound_ShowsThePictureInWeakColours()
    {
        var picture = new ImageBuffer(1, 1, 3, [200, 100, 50]);

        var painted = HeatOverlay.Paint(picture, [float.NaN]);

        Assert.Equal(HeatOverlay.Paint(picture, [0.05f]).Pixels, painted.Pixels);
        Assert.True(painted.Pixels[0] > painted.Pixels[1] && painted.Pixels[1] > painted.Pixels[2]);
        Assert.True(painted.Pixels[0] - painted.Pixels[2] < 30);
    }

    [Fact]
    public void Paint_MapOfAnotherSize_IsRefused() =>
        Assert.Throws<ArgumentException>(() => HeatOverlay.Paint(new ImageBuffer(1, 1, 3, [0, 0, 0]), [0, 1]));
}
