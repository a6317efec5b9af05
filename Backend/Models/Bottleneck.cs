using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models;

/// <summary>A residual block: 1x1 reduces, 3x3 (with stride or dilation) mixes, 1x1 expands fourfold.</summary>
public sealed class Bottleneck : Module<Tensor, Tensor>, IFoldable
{
    public const int Expansion = 4;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly Sequential? downsample;
    private readonly double _negativeSlope;
    private readonly int _stride;
    private readonly int _dilation;

    /// <param name="negativeSlope">Of the activation: 0 is ReLU, more a leaky one.</param>
    public Bottleneck(int channels, int width, int stride, int dilation, double negativeSlope = 0)
        : base(nameof(Bottleneck))
    {
        (_negativeSlope, _stride, _dilation) = (negativeSlope, stride, dilation);
        conv1 = Conv2d(channels, width, kernel_size: 1, bias: false);
        bn1 = BatchNorm2d(width);
        conv2 = Conv2d(width, width, kernel_size: 3, stride: stride, padding: dilation, dilation: dilation, bias: false);
        bn2 = BatchNorm2d(width);
        conv3 = Conv2d(width, width * Expansion, kernel_size: 1, bias: false);
        bn3 = BatchNorm2d(width * Expansion);
        if (stride != 1 || channels != width * Expansion)
            downsample = Sequential(Conv2d(channels, width * Expansion, kernel_size: 1, stride: stride, bias: false), BatchNorm2d(width * Expansion));
        RegisterComponents();
    }

    /// <param name="input"><c>[N, channels, H, W]</c></param>
    /// <returns><c>[N, 4 * width, H / stride, W / stride]</c></returns>
    public override Tensor forward(Tensor input)
    {
        // Our handles of what lies between are let go here, so that backward can free each tensor as soon as it is used up.
        using var scope = NewDisposeScope();
        var x = activate(bn1.call(conv1.call(input)));
        x = activate(bn2.call(conv2.call(x)));
        x = bn3.call(conv3.call(x));
        return activate(x.add_(downsample?.call(input) ?? input)).MoveToOuterDisposeScope();
    }

    FoldedBlock IFoldable.Fold() => new(
        [new(conv1, bn1, 1, 0, 1, _negativeSlope), new(conv2, bn2, _stride, _dilation, _dilation, _negativeSlope)],
        new(conv3, bn3, 1, 0, 1, _negativeSlope),
        downsample is null ? null : new((Conv2d)downsample[0], (BatchNorm2d)downsample[1], _stride, 0, 1));

    private Tensor activate(Tensor x) =>
        _negativeSlope == 0 ? functional.relu(x, inplace: true) : functional.leaky_relu(x, _negativeSlope, inplace: true);
}
