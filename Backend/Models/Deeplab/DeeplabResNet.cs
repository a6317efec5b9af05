using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Deeplab;

/// <summary>
/// The ResNet that DeepLabV2 stands on (kazuto1011/deeplab-pytorch, libs/models/resnet.py, and its names): as first published, with the stride in the
/// first 1x1 convolution of a block, a pool that rounds up, and output stride 8 with dilations 2 and 4 in the last two layers. Takes BGR less the
/// mean.
/// </summary>
public sealed class DeeplabResNet : Module<Tensor, Tensor>
{
    private readonly Sequential layer1, layer2, layer3, layer4, layer5;

    /// <param name="blocks">Of the four layers: 3, 4, 23, 3 are ResNet-101, 3, 4, 6, 3 ResNet-50.</param>
    /// <param name="width">Channels of the first convolution: 64; fewer make the same network at a fraction of the cost.</param>
    /// <param name="normMomentum">
    /// Share of a batch in BatchNorm's running statistics: the authors' is so small as they never renew them; training from scratch needs about 0.1.
    /// </param>
    public DeeplabResNet(IReadOnlyList<int> blocks, long width = 64, double normMomentum = 0.001)
        : base(nameof(DeeplabResNet))
    {
        Channels = 32 * width;
        layer1 = Sequential(("conv1", ConvNorm(3, width, kernel: 7, normMomentum, stride: 2, padding: 3)),
            ("pool", MaxPool2d(3, stride: 2, padding: 1, ceil_mode: true)));
        layer2 = Layer(blocks[0], width, 4 * width, stride: 1, dilation: 1, normMomentum);
        layer3 = Layer(blocks[1], 4 * width, 8 * width, stride: 2, dilation: 1, normMomentum);
        layer4 = Layer(blocks[2], 8 * width, 16 * width, stride: 1, dilation: 2, normMomentum);
        layer5 = Layer(blocks[3], 16 * width, 32 * width, stride: 1, dilation: 4, normMomentum);
        RegisterComponents();
    }

    /// <summary>Of the output: 2048.</summary>
    public long Channels { get; }

    /// <summary>Stem and layers, in order.</summary>
    public IReadOnlyList<Sequential> Layers => [layer1, layer2, layer3, layer4, layer5];

    /// <param name="images"><c>[N, 3, H, W]</c></param>
    /// <returns><c>[N, Channels, ⌈H/8⌉, ⌈W/8⌉]</c>, about: each of three halvings rounds up.</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Layers.Aggregate(images, (x, layer) => layer.call(x)).MoveToOuterDisposeScope();
    }

    internal static Sequential ConvNorm(long from, long to, long kernel, double normMomentum, long stride = 1, long padding = 0, long dilation = 1,
        bool relu = true)
    {
        var (conv, bn) =
            (Conv2d(from, to, kernel, stride: stride, padding: padding, dilation: dilation, bias: false), BatchNorm2d(to, momentum: normMomentum));
        return relu ? Sequential(("conv", conv), ("bn", bn), ("relu", ReLU(inplace: true))) : Sequential(("conv", conv), ("bn", bn));
    }

    private static Sequential Layer(int blocks, long from, long to, long stride, long dilation, double normMomentum) =>
        Sequential(Enumerable.Range(1, blocks).Select(block =>
        ($"block{block}", (Module<Tensor, Tensor>)new DeeplabBlock(block == 1 ? from : to, to, block == 1 ? stride : 1, dilation, normMomentum,
            shortcut: block == 1))));
}
