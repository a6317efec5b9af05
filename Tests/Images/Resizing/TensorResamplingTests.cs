using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Images.Resizing;

[Collection(LibtorchCollection.Name)]
public sealed class TensorResamplingTests
{
    [Theory]
    [InlineData(50, 37, 100, 75)]
    [InlineData(50, 37, 25, 18)]
    [InlineData(50, 37, 75, 37)]
    [InlineData(50, 37, 50, 56)]
    [InlineData(3, 91, 17, 4)]
    [InlineData(1, 1, 5, 5)]
    [InlineData(64, 64, 64, 64)]
    public void Resize_IsResamplingInEveryBit(int width, int height, int toWidth, int toHeight)
    {
        using var scope = NewDisposeScope();
        var random = new Random(width);
        var (pixels, size) = (new byte[3 * width * height], new ImageSize(toWidth, toHeight));
        // Black and white alone as well: there the cubic overshoots most.
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i % 2 == 0 ? random.Next(256) : 255 * random.Next(2));
        var levels = tensor(pixels, [1, height, width, 3]).permute(0, 3, 1, 2).to(float64);

        foreach (var filter in (ResampleFilter[])[ResampleFilter.Bilinear, ResampleFilter.Bicubic])
        {
            var resized = TensorResampling.Resize(levels, size, filter);

            var expected = Resampling.Resize(new(width, height, 3, pixels), size, filter);
            Assert.Equal(expected.Pixels, resized.permute(0, 2, 3, 1).to(uint8).ToValues<byte>());
            Assert.Equal(Normalisation.Clip.ToPlanes(expected), Normalisation.Clip.ToPlanes(resized).ToValues<float>());
        }
        Assert.Equal(pixels, levels.permute(0, 2, 3, 1).to(uint8).ToValues<byte>());
    }
}
