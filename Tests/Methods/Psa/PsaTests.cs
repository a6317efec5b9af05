using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Psa;
using Dashboard.Backend.Models.Psa;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.Psa;

/// <summary>What the authors' code has no answer to.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class PsaTests
{
    [Theory]
    [InlineData(255)]
    [InlineData(0)]
    [InlineData(2)]
    public void Loss_OfALabelMapOfOneLabel_IsFinite(long label)
    {
        using var scope = NewDisposeScope();
        var features = randn(1, 6, 12, 12).requires_grad_();
        var terms = new PsaLoss().Of(features, full(1, 12, 12, label, int64));
        terms.Total.backward();
        Assert.True(float.IsFinite(terms.Total.item<float>()) && float.IsFinite(features.grad!.sum().item<float>()));
        Assert.Equal(label == 255, terms.Total.item<float>() == 0);
    }

    [Fact]
    public void Labels_OfASmallNetworkAndImage_KeepTheImagesSize()
    {
        using var scope = NewDisposeScope();
        using var net = new AffinityNet(new ResNet38(width: 4), groupNorm: false);
        net.eval();
        var image = new ImageBuffer(21, 1, 3, new byte[21 * 3]);
        var affinity = new PsaInference(net, radius: 5, PixelInput.Torchvision, CPU).Affinity(image);

        // One map of 1 everywhere leaves no background; no map leaves nothing else.
        Assert.All(new PsaWalk().Labels(Enumerable.Repeat(1f, 21).ToArray(), [6], affinity, image.Size).Labels, label => Assert.Equal(7, label));
        Assert.All(new PsaWalk().Labels([], [], affinity, image.Size).Labels, label => Assert.Equal(0, label));
    }

    [Fact]
    public void Labels_OfACropBeyondTheImage_AreIgnored()
    {
        var size = new ImageSize(8, 8);
        var scores = Enumerable.Repeat(0.9f, 64).Concat(Enumerable.Repeat(0.1f, 64)).ToArray();
        var labels = PsaLabels.Of(scores, scores, maps: 2, size, CropBox.TopLeft(size, side: 16));
        Assert.Equal([0, 255, 255, 255], labels.Labels.Select(label => (int)label));
    }

    [Fact]
    public void ResNet38_InTraining_LearnsNothingOfItsNorms()
    {
        using var scope = NewDisposeScope();
        using var net = new AffinityNet(new ResNet38(width: 4), groupNorm: false);
        net.train();
        net.call(randn(1, 3, 40, 40)).sum().backward();
        Assert.Null(net.get_parameter("backbone.b4.bn_branch2a.weight")!.grad);
        Assert.Null(net.get_parameter("backbone.b2.conv_branch2a.weight")!.grad);
        Assert.NotNull(net.get_parameter("backbone.b3.conv_branch2a.weight")!.grad);
    }
}
