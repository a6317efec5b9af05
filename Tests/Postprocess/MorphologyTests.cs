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

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Dilate_EvenBox_IsRefused(int side) => Assert.Throws<ArgumentOutOfRangeException>(() => Morphology.Dilate([1], 1, 1, side));

    [Fact]
    public void Dilate_OtherSize_IsRefused() => Assert.Contains("2x2 has 4 values, not 3", Assert.Throws<ArgumentException>(() => Morphology.Dilate(new byte[3], 2, 2, 3)).Message, StringComparison.Ordinal);
}
