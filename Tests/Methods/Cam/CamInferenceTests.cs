using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Models;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.Cam;

[Collection(LibtorchCollection.Name)]
public sealed class CamInferenceTests
{
    [Fact]
    public void Maps_OfAnImageWithoutTags_AreNoneAtTheMapsOwnSizes()
    {
        using var scope = NewDisposeScope();
        using var net = new CamNet(ResNetShape.Small, outputStride: 16, detachLayer2: false, classes: 3);
        net.eval();
        var image = new ImageBuffer(37, 22, 3, new byte[37 * 22 * 3]);

        var maps = new CamInference(net, [1.0, 0.5], flip: true, CPU).Maps([image, image], [[], [2]]);

        Assert.Equal([0L, 22, 37], maps[0].Full.shape);
        Assert.Equal([0L, 6, 10], maps[0].Strided.shape);
        Assert.Equal([1L, 22, 37], maps[1].Full.shape);
        Assert.Empty(maps[0].Full.ToValues<float>());
    }

    [Fact]
    public void Maps_OfImagesResizedOnTheDevice_AreTheSameInEveryBit()
    {
        using var scope = NewDisposeScope();
        using var net = new CamNet(ResNetShape.Small, outputStride: 16, detachLayer2: false, classes: 3);
        net.eval();
        var random = new Random(3);
        var images = Enumerable.Range(0, 2).Select(_ =>
        {
            var pixels = new byte[37 * 22 * 3];
            random.NextBytes(pixels);
            return new ImageBuffer(37, 22, 3, pixels);
        }).ToList();
        IReadOnlyList<float[]> Maps(bool onDevice) =>
            [.. new CamInference(net, [1.0, 0.5, 1.5, 2.0], flip: true, CPU) { ResizesOnDevice = onDevice }.Maps(images, [[0, 2], [1]])
                .Select(maps => maps.Full.ToValues<float>())];

        var (resizedHere, resizedThere) = (Maps(onDevice: false), Maps(onDevice: true));

        Assert.Contains(resizedHere[0], value => value is > 0 and < 1);
        Assert.Equal(resizedHere, resizedThere);
    }
}
