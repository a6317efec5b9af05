using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Segmentation;

public sealed class PairedBootstrapTests
{
    private static readonly ImageConfusion Right = new([new(0, 0, 10), new(1, 1, 10)]);
    private static readonly ImageConfusion Wrong = new([new(0, 0, 10), new(1, 0, 10)]);

    [Fact]
    public void OfMeanIou_TheSameAnswer_IsNotSeparable()
    {
        ImageConfusion[] images = [.. Enumerable.Repeat(Right, 20), .. Enumerable.Repeat(Wrong, 20)];

        Assert.Equal(new PairedDifference(0, 0, 0, 0.95, 1), PairedBootstrap.OfMeanIou(images, images, 2, seed: 0));
    }

    /// <summary>A little better on every fourth image: each answer alone varies by far more than that.</summary>
    [Fact]
    public void OfMeanIou_ASmallGainOnTheSameImages_IsSeparableAlthoughTheIntervalsOverlap()
    {
        ImageConfusion[] worse = [.. Enumerable.Range(0, 80).Select(i => i % 2 == 0 ? Right : Wrong)];
        ImageConfusion[] better =
            [.. Enumerable.Range(0, 80).Select(i => i % 8 == 1 ? new ImageConfusion([new(0, 0, 10), new(1, 0, 5), new(1, 1, 5)]) : worse[i])];

        var difference = PairedBootstrap.OfMeanIou(better, worse, 2, seed: 0)!;

        Assert.True(difference.IsSeparable);
        Assert.InRange(difference.P, 0.001, 0.01);
        Assert.InRange(difference.Difference, difference.Low, difference.High);
        var (high, low) = (BootstrapInterval.OfMeanIou(worse, 2, seed: 0)!.High, BootstrapInterval.OfMeanIou(better, 2, seed: 0)!.Low);
        Assert.True(high > low);
        var swapped = PairedBootstrap.OfMeanIou(worse, better, 2, seed: 0)!;
        Assert.Equal((-difference.Difference, -difference.High, difference.P), (swapped.Difference, swapped.Low, swapped.P));
    }

    [Fact]
    public void OfMeanIou_OtherImages_IsRefused() =>
        Assert.Throws<ArgumentException>(() => PairedBootstrap.OfMeanIou([Right], [Right, Wrong], 2, seed: 0));
}
