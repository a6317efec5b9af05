using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Segmentation;

public sealed class BootstrapIntervalTests
{
    private static readonly ImageConfusion Right = new([new(0, 0, 10), new(1, 1, 10)]);
    private static readonly ImageConfusion Wrong = new([new(0, 0, 10), new(1, 0, 10)]);

    [Fact]
    public void OfMeanIou_AllImagesAlike_HasNoWidth()
    {
        var interval = BootstrapInterval.OfMeanIou([Right, Right, Right], 2, seed: 1)!;
        Assert.Equal((1, 1, 0.95), (interval.Low, interval.High, interval.Level));
    }

    [Fact]
    public void OfMeanIou_MixedImages_HoldsTheMeasuredValueAndRepeats()
    {
        ImageConfusion[] images = [.. Enumerable.Repeat(Right, 30), .. Enumerable.Repeat(Wrong, 30)];
        var measured = new ConfusionMatrix(2);
        foreach (var image in images)
            measured.Add(image);

        var interval = BootstrapInterval.OfMeanIou(images, 2, seed: 1)!;

        Assert.InRange(measured.MeanIou, interval.Low, interval.High);
        // With p of 60 images right, mIoU is (1/(2-p) + p)/2: one standard deviation of p (0.065) moves it by 0.061.
        Assert.InRange(interval.High - interval.Low, 0.18, 0.30);
        Assert.Equal(interval, BootstrapInterval.OfMeanIou(images, 2, seed: 1));
    }

    [Fact]
    public void OfMeanIou_NothingScored_IsNull() => Assert.Null(BootstrapInterval.OfMeanIou([new([])], 2, seed: 1));
}
