using Dashboard.Backend.Postprocess;

namespace Dashboard.Tests.Postprocess;

/// <summary>OpenCV's results are in <see cref="Golden.SimSegChecks"/>.</summary>
public sealed class MorphologyTests
{
    [Fact]
    public void Close_Gap_IsFilledAndTheRestKept()
    {
        byte[] mask = [1, 1, 0, 1, 1, 0, 0, 0];
        Assert.Equal([1, 1, 1, 1, 1, 0, 0, 0], Morphology.Close(mask, 8, 1, 3));
        Assert.Equal(mask, Morphology.Close(mask, 8, 1, 1));
    }

    [Fact]
    public void Erode_MaskToTheBorder_IsNotEatenFromOutside() => Assert.Equal([1, 1, 0, 0], Morphology.Erode([1, 1, 1, 0], 4, 1, 3));

    [Fact]
    public void Dilate_BoxWithoutAPixel_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Morphology.Dilate([1], 1, 1, 0));

    /// <summary>OpenCV's anchor of an even box is behind its middle: what lies to the right of the pixel reaches it a step less.</summary>
    [Fact]
    public void Dilate_EvenBox_ReachesAPixelFurtherToTheLeft() =>
        Assert.Equal([0, 0, 1, 1, 1, 1, 0], Morphology.Dilate([0, 0, 0, 1, 0, 0, 0], 7, 1, 4));

    [Fact]
    public void Dilate_OtherSize_IsRefused() =>
        Assert.Contains("2x2 has 4 values, not 3", Assert.Throws<ArgumentException>(() => Morphology.Dilate(new byte[3], 2, 2, 3)).Message,
            StringComparison.Ordinal);
}
