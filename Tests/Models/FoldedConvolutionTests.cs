using Dashboard.Backend.Models;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Libtorch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Tests.Models;

[Collection(LibtorchCollection.Name)]
public sealed class FoldedConvolutionTests
{
    /// <summary>Bottlenecks with stride and with dilation, basic blocks, and CLIMS's leaky block behind them.</summary>
    [Theory]
    [InlineData(ResNetBlock.Bottleneck, 16, ClimsHead.Classifier)]
    [InlineData(ResNetBlock.Bottleneck, 8, ClimsHead.Bottleneck)]
    [InlineData(ResNetBlock.Basic, 8, ClimsHead.Classifier)]
    public void ForEvaluation_GivesTheMapsOfTheNetworkItself(ResNetBlock block, int outputStride, ClimsHead head)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        random.manual_seed(0);
        using var net = new CamNet(new ResNetShape(8, [2, 2, 2, 2], block), outputStride, detachLayer2: false, classes: 3, head);
        foreach (var module in net.modules())
            if (module is BatchNorm2d norm)
            {
                norm.running_mean!.uniform_(-0.5, 0.5);
                norm.running_var!.uniform_(0.5, 2);
                norm.weight!.uniform_(0.5, 2);
                norm.bias!.uniform_(-0.5, 0.5);
            }
        net.eval();
        var images = randn(2, 3, 37, 50);

        var (expected, maps) = (net.maps(images), net.ForEvaluation()(images));

        Assert.Equal(expected.shape, maps.shape);
        Assert.True(maps.is_contiguous());
        Assert.InRange((maps - expected).abs().max().item<float>() / expected.abs().max().item<float>(), 0, 1e-5);
    }

    [Fact]
    public void ForEvaluation_InTraining_IsTheNetworkItself()
    {
        using var scope = NewDisposeScope();
        using var net = new CamNet(ResNetShape.Small, outputStride: 16, detachLayer2: false, classes: 3);
        net.train(BatchNormMode.Fixed);
        var images = randn(1, 3, 32, 32);

        Assert.True(net.ForEvaluation()(images).requires_grad);
    }
}
