using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models;

/// <summary>
/// ResNet of basic blocks, or of bottlenecks with the stride in their 3x3 convolution (torchvision's "v1.5"), without the classifier.
/// Parameters bear torchvision's names, so that its state dicts load as they are.
/// </summary>
public sealed class ResNet : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly MaxPool2d maxpool;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly bool _detachLayer2;

    /// <param name="shape">Depth and width.</param>
    /// <param name="outputStride">
    /// 16: strides (1, 2, 2, 1). 8: strides (1, 2, 1, 1), with dilations (1, 1, 2, 2) in all but the first block of a layer. So it suits weights
    /// that were trained at stride 16, as IRN's and CLIMS's are.
    /// </param>
    /// <param name="detachLayer2">No gradient flows below layer3: stem, layer1 and layer2 are then computed without a graph (IRN's detach).</param>
    /// <param name="dilated">
    /// Dilation makes up for every stride that is left out, so that each position sees what it saw at stride 32, at which ImageNet's weights were
    /// trained (DeepLab; torchvision's replace_stride_with_dilation).
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">An output stride other than 8 or 16.</exception>
    public ResNet(ResNetShape shape, int outputStride, bool detachLayer2, bool dilated = false)
        : base(nameof(ResNet))
    {
        var (strides, dilations) = outputStride switch
        {
            16 => (new[] { 1, 2, 2, 1 }, new[] { 1, 1, 1, dilated ? 2 : 1 }),
            8 => (new[] { 1, 2, 1, 1 }, new[] { 1, 1, 2, dilated ? 4 : 2 }),
            _ => throw new ArgumentOutOfRangeException(nameof(outputStride), outputStride, "The output stride is 8 or 16."),
        };
        _detachLayer2 = detachLayer2;
        Shape = shape;

        conv1 = Conv2d(3, shape.Width, kernel_size: 7, stride: 2, padding: 3, bias: false);
        bn1 = BatchNorm2d(shape.Width);
        maxpool = MaxPool2d(kernel_size: 3, stride: 2, padding: 1);

        var channels = shape.Width;
        layer1 = Layer(shape, 0, ref channels, strides[0], null, dilations[0]);
        layer2 = Layer(shape, 1, ref channels, strides[1], dilated ? dilations[0] : null, dilations[1]);
        layer3 = Layer(shape, 2, ref channels, strides[2], dilated ? dilations[1] : null, dilations[2]);
        layer4 = Layer(shape, 3, ref channels, strides[3], dilated ? dilations[2] : null, dilations[3]);
        RegisterComponents();

        // The stem never learns (IRN, CLIMS); everything below layer3 does not either when layer2 is detached.
        foreach (var frozen in detachLayer2 ? new Module[] { conv1, bn1, layer1, layer2 } : [conv1, bn1])
            foreach (var parameter in frozen.parameters())
                parameter.requires_grad = false;
    }

    public ResNetShape Shape { get; }

    /// <summary>Channels of the output: 512 for ResNet-18, 2048 for ResNet-50.</summary>
    public int Channels => Shape.Width * 8 * Shape.Expansion;

    /// <param name="input">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>Features <c>[N, Channels, H / stride, W / stride]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return layer4.call(layer3.call(lower(input))).MoveToOuterDisposeScope();
    }

    /// <summary>The same of the weights as they are now, in evaluation and on the CPU: see <see cref="FoldedConvolution"/>.</summary>
    /// <returns>Belongs to the dispose scope it was made in.</returns>
    internal Func<Tensor, Tensor> Fold()
    {
        var stem = new FoldedConvolution(conv1, bn1, stride: 2, padding: 3, dilation: 1);
        FoldedBlock[] blocks = [.. new[] { layer1, layer2, layer3, layer4 }.SelectMany(layer => layer.children()).Select(block =>
            ((IFoldable)block).Fold())];
        return input =>
        {
            using var scope = NewDisposeScope();
            var x = maxpool.call(stem.Activated(FoldedConvolution.ChannelsInnermost(input)));
            foreach (var block in blocks)
            {
                using var before = x;
                x = block.Call(x);
            }
            return x.MoveToOuterDisposeScope();
        };
    }

    private Tensor lower(Tensor input)
    {
        if (!_detachLayer2)
            return layer2.call(layer1.call(stem(input)));
        using var _ = no_grad();
        return layer2.call(layer1.call(stem(input)));
    }

    private Tensor stem(Tensor input) => maxpool.call(functional.relu(bn1.call(conv1.call(input)), inplace: true));

    /// <param name="before">
    /// Dilation of the layer before, by which the convolution that has the stride goes on; without it the first block has no dilation.
    /// </param>
    private static Sequential Layer(ResNetShape shape, int layer, ref int channels, int stride, int? before, int dilation)
    {
        var width = shape.Width << layer;
        var modules = new List<Module<Tensor, Tensor>>();
        for (var block = 0; block < shape.Blocks[layer]; block++)
        {
            var (blockStride, first, then) = block > 0 ? (1, dilation, dilation) : (stride, before ?? 1, before is null ? 1 : dilation);
            modules.Add(shape.Block == ResNetBlock.Basic
                ? new BasicBlock(channels, width, blockStride, first, then)
                : new Bottleneck(channels, width, blockStride, first));
            channels = width * shape.Expansion;
        }
        return Sequential(modules);
    }
}
