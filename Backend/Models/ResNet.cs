using Dashboard.Domain.Methods;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models;

/// <summary>
/// ResNet with bottleneck blocks and the stride in their 3x3 convolution (torchvision's "v1.5"), without the classifier.
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
    /// <param name="outputStride">16: strides (1, 2, 2, 1). 8: strides (1, 2, 1, 1) with dilations (1, 1, 1, 2) in all but the first block of a layer, as in the CLIMS code.</param>
    /// <param name="detachLayer2">No gradient flows below layer3: stem, layer1 and layer2 are then computed without a graph (IRN's detach).</param>
    /// <exception cref="ArgumentOutOfRangeException">An output stride other than 8 or 16.</exception>
    public ResNet(ResNetShape shape, int outputStride, bool detachLayer2)
        : base(nameof(ResNet))
    {
        var (strides, dilations) = outputStride switch
        {
            16 => (new[] { 1, 2, 2, 1 }, new[] { 1, 1, 1, 1 }),
            8 => (new[] { 1, 2, 1, 1 }, new[] { 1, 1, 2, 2 }),
            _ => throw new ArgumentOutOfRangeException(nameof(outputStride), outputStride, "The output stride is 8 or 16."),
        };
        _detachLayer2 = detachLayer2;
        Channels = shape.Width * 8 * Bottleneck.Expansion;

        conv1 = Conv2d(3, shape.Width, kernel_size: 7, stride: 2, padding: 3, bias: false);
        bn1 = BatchNorm2d(shape.Width);
        maxpool = MaxPool2d(kernel_size: 3, stride: 2, padding: 1);

        var channels = shape.Width;
        layer1 = Layer(ref channels, shape.Width, shape.Blocks[0], strides[0], dilations[0]);
        layer2 = Layer(ref channels, shape.Width * 2, shape.Blocks[1], strides[1], dilations[1]);
        layer3 = Layer(ref channels, shape.Width * 4, shape.Blocks[2], strides[2], dilations[2]);
        layer4 = Layer(ref channels, shape.Width * 8, shape.Blocks[3], strides[3], dilations[3]);
        RegisterComponents();

        // The stem never learns (IRN, CLIMS); everything below layer3 does not either when layer2 is detached.
        foreach (var frozen in detachLayer2 ? new Module[] { conv1, bn1, layer1, layer2 } : [conv1, bn1])
            foreach (var parameter in frozen.parameters())
                parameter.requires_grad = false;
    }

    /// <summary>Channels of the output: 2048 for ResNet-50.</summary>
    public int Channels { get; }

    /// <param name="input">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>Features <c>[N, Channels, H / stride, W / stride]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return layer4.call(layer3.call(lower(input))).MoveToOuterDisposeScope();
    }

    private Tensor lower(Tensor input)
    {
        if (!_detachLayer2)
            return layer2.call(layer1.call(stem(input)));
        using var _ = no_grad();
        return layer2.call(layer1.call(stem(input)));
    }

    private Tensor stem(Tensor input) => maxpool.call(functional.relu(bn1.call(conv1.call(input)), inplace: true));

    private static Sequential Layer(ref int channels, int width, int blocks, int stride, int dilation)
    {
        var modules = new List<Module<Tensor, Tensor>>();
        for (var block = 0; block < blocks; block++)
        {
            modules.Add(new Bottleneck(channels, width, block == 0 ? stride : 1, block == 0 ? 1 : dilation));
            channels = width * Bottleneck.Expansion;
        }
        return Sequential(modules);
    }
}

/// <summary>Depth and width of a <see cref="ResNet"/>.</summary>
/// <param name="Width">Channels of the stem; layer i has 4 * 2^(i-1) times as many.</param>
/// <param name="Blocks">Bottlenecks in each of the four layers.</param>
public sealed record ResNetShape(int Width, IReadOnlyList<int> Blocks)
{
    public static ResNetShape ResNet50 { get; } = new(64, [3, 4, 6, 3]);

    /// <summary>The same topology at a fraction of the cost, for the built-in data set.</summary>
    public static ResNetShape Small { get; } = new(16, [1, 1, 1, 1]);

    public static ResNetShape Of(CamNetwork network) => network == CamNetwork.ResNet50 ? ResNet50 : Small;
}
