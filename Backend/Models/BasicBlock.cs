using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models;

/// <summary>A residual block of two 3x3 convolutions (He et al., CVPR 2016): ResNet-18 and ResNet-34 are made of it.</summary>
public sealed class BasicBlock : Module<Tensor, Tensor>, IFoldable
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;
    private readonly int _stride;
    private readonly int _firstDilation;
    private readonly int _dilation;

    /// <summary>One that keeps size and channels.</summary>
    public BasicBlock(int channels)
        : this(channels, channels, stride: 1, firstDilation: 1, dilation: 1)
    {
    }

    /// <param name="firstDilation">Of the first convolution, which has the stride and so sees the input's positions.</param>
    /// <param name="dilation">Of the second.</param>
    public BasicBlock(int channels, int width, int stride, int firstDilation, int dilation)
        : base(nameof(BasicBlock))
    {
        (_stride, _firstDilation, _dilation) = (stride, firstDilation, dilation);
        conv1 = Conv2d(channels, width, kernel_size: 3, stride: stride, padding: firstDilation, dilation: firstDilation, bias: false);
        bn1 = BatchNorm2d(width);
        conv2 = Conv2d(width, width, kernel_size: 3, padding: dilation, dilation: dilation, bias: false);
        bn2 = BatchNorm2d(width);
        if (stride != 1 || channels != width)
            downsample = Sequential(Conv2d(channels, width, kernel_size: 1, stride: stride, bias: false), BatchNorm2d(width));
        RegisterComponents();
    }

    /// <param name="input"><c>[N, channels, H, W]</c></param>
    /// <returns><c>[N, width, H / stride, W / stride]</c></returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.call(conv1.call(input)), inplace: true);
        x = bn2.call(conv2.call(x));
        return x.add_(downsample?.call(input) ?? input).relu_().MoveToOuterDisposeScope();
    }

    FoldedBlock IFoldable.Fold() => new(
        [new(conv1, bn1, _stride, _firstDilation, _firstDilation)],
        new(conv2, bn2, 1, _dilation, _dilation),
        downsample is null ? null : new((Conv2d)downsample[0], (BatchNorm2d)downsample[1], _stride, 0, 1));
}
