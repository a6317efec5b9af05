using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Postprocess;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.Segment;

[Collection(LibtorchCollection.Name)]
public sealed class DeeplabTests
{
    [Fact]
    public void Pyramid_OfACropOf321_HasTheAuthorsSizes()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var net = Small();
        Assert.Equal([41, 21, 31, 41], net.pyramid(zeros(1, 3, 321, 321)).Select(logits => (int)logits.shape[3]));
    }

    [Fact]
    public void Pyramid_OfTheImagesOwnScaleAlone_CountsItOnce()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var net = new DeeplabV2(new DeeplabResNet([1, 1, 1, 1], 2), 64, 3, scales: []);
        Assert.Single(net.pyramid(zeros(1, 3, 65, 65)));
    }

    [Fact]
    public void BalancedLoss_WeighsBackgroundAndForegroundAlike()
    {
        using var scope = NewDisposeScope();
        var logits = tensor([2f, 0f, 0f, 1f, 0f, 0f, 1f, 3f], new long[] { 1, 2, 1, 4 });
        var labels = tensor([0L, 0L, 1L, 255L], new long[] { 1, 1, 4 });
        double[] pixels = [Math.Log(1 + Math.Exp(-2)), Math.Log(2), Math.Log(1 + Math.Exp(-1))];

        Assert.Equal((pixels[0] + pixels[1]) / 4 + pixels[2] / 2, new DeeplabLoss(balanced: true).Of([logits], labels).Single().item<float>(), 1e-6);
        Assert.Equal(pixels.Average(), new DeeplabLoss().Of([logits], labels).Single().item<float>(), 1e-6);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(255, false)]
    public void Loss_OfOneLabelOnly_IsFinite(long label, bool balanced)
    {
        using var scope = NewDisposeScope();
        var logits = randn(2, 2, 3, 3).requires_grad_();
        var loss = new DeeplabLoss(balanced).Of([logits], full(2, 9, 9, label, int64)).Single();
        loss.backward();
        Assert.Equal(label == 255, loss.item<float>() == 0);
        Assert.True(float.IsFinite(logits.grad!.sum().item<float>()));
    }

    [Fact]
    public void Norm_FixedOrNot_IsLeftAloneOrLearned()
    {
        using var scope = NewDisposeScope();
        foreach (var fixedNorm in (bool[])[true, false])
        {
            using var net = Small(fixedNorm);
            net.train();
            var before = net.get_buffer("backbone.layer1.conv1.bn.running_mean")!.clone();
            net.call(randn(2, 3, 33, 33) + 5);
            Assert.Equal(fixedNorm, before.allclose(net.get_buffer("backbone.layer1.conv1.bn.running_mean")!));
            Assert.Equal(fixedNorm, DeeplabOptimizer.Groups(net)[0].All(named => !named.Name.Contains(".bn.", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Labels_OfAnyImage_HaveItsSize()
    {
        using var scope = NewDisposeScope();
        using var net = Small();
        net.eval();
        foreach (var (width, height) in ((int, int)[])[(50, 37), (9, 4)])
        {
            var image = new ImageBuffer(width, height, 3, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(i * 7))]);
            var inference = new DeeplabInference(net, PixelInput.Caffe, CPU, flip: true);
            Assert.Equal((width, height), (inference.Labels(image).Width, inference.Labels(image, DenseCrfSettings.DeepLab, threads: 1).Height));
            var probabilities = inference.Probabilities(image);
            Assert.Equal(width * height, probabilities.Sum(), 1e-2f);
        }
    }

    [Fact]
    public void Augmentation_OfImageAndLabels_MovesBothAlike()
    {
        // Labels tell the colour: wherever the crop lies, they do so still.
        var (width, height, side) = (40, 30, 33);
        var colours = Enumerable.Range(0, width * height).Select(i => (byte)(i % width < 20 ? 0 : 200)).ToArray();
        var image = new ImageBuffer(width, height, 3, [.. colours.SelectMany(colour => (byte[])[colour, colour, colour])]);
        var labels = new LabelMap(width, height, Array.ConvertAll(colours, colour => (byte)(colour / 200)));
        var augmentation = new DeeplabAugmentation(PixelInput.Caffe, side, [0.5, 1, 2]);
        var (planes, target, random) = (new float[3 * side * side], new byte[side * side], new RandomStream(1));
        var seen = new HashSet<DeeplabCrop>();

        for (var draw = 0; draw < 30; draw++)
        {
            var crop = augmentation.Draw(image.Size, random);
            seen.Add(crop);
            augmentation.Apply(new(image, labels), crop, new(planes, target));
            for (var pixel = 0; pixel < target.Length; pixel++)
            {
                // 104 is the mean of blue; beyond the image it is 0. Bilinear values at the border of the colours are neither.
                var blue = planes[pixel];
                if (blue is 0 or < -104 or > 95)
                    Assert.Equal(blue == 0 ? LabelMap.Ignore : blue > 0 ? 1 : 0, target[pixel]);
            }
        }
        Assert.Equal([0.5, 1, 2], seen.Select(crop => crop.Scale).Distinct().Order());
        Assert.Equal(2, seen.Select(crop => crop.Flip).Distinct().Count());
    }

    [Fact]
    public void V3Plus_LearnsItsHeadAndKeepsTheNormsOfItsBackbone()
    {
        using var scope = NewDisposeScope();
        using var net = new DeeplabV3Plus(new ResNet(ResNetShape.Small, outputStride: 16, detachLayer2: false), lowLevelChannels: 64, classes: 3);
        net.train();
        using var optimizer = DeeplabOptimizer.Create(net, 0.01, momentum: 0.9, weightDecay: 5e-4);
        var (images, labels) = (randn(1, 3, 49, 70), randint(3, new long[] { 1, 49, 70 }, int64));
        var before = net.get_buffer("backbone.layer1.0.bn1.running_mean")!.clone();
        var losses = new List<float>();
        for (var step = 0; step < 8; step++)
        {
            optimizer.zero_grad();
            var logits = net.pyramid(images);
            Assert.Equal([1L, 3, 13, 18], logits.Single().shape);
            var loss = new DeeplabLoss(balanced: true).Of(logits, labels).Single();
            losses.Add(loss.item<float>());
            loss.backward();
            optimizer.step();
        }
        Assert.True(losses[^1] < losses[0], $"{losses[0]} -> {losses[^1]}");
        Assert.True(before.allclose(net.get_buffer("backbone.layer1.0.bn1.running_mean")!));
        Assert.Equal(2, DeeplabOptimizer.Groups(net)[2].Count(named =>
            named.Name.EndsWith("conv.bias", StringComparison.Ordinal) || named.Name.EndsWith("classifier.bias", StringComparison.Ordinal)));
    }

    private static DeeplabV2 Small(bool fixedNorm = true)
    {
        var backbone = new DeeplabResNet([1, 1, 1, 1], width: 4);
        return new(backbone, backbone.Channels, classes: 3, fixedNorm: fixedNorm);
    }
}
