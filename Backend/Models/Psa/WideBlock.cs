using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Psa;

/// <summary>A residual block that normalises first: two 3x3 convolutions.</summary>
public sealed class WideBlock : Module<Tensor, (Tensor Output, Tensor Activated)>
{
    private readonly BatchNorm2d bn_branch2a, bn_branch2b1;
    private readonly Conv2d conv_branch2a, conv_branch2b1;
    private readonly Conv2d? conv_branch1;

    /// <param name="firstDilation">Of the first convolution; as the second's where it is null.</param>
    public WideBlock(long from, long middle, long to, long stride = 1, long dilation = 1, long? firstDilation = null)
        : base(nameof(WideBlock))
    {
        var first = firstDilation ?? dilation;
        bn_branch2a = BatchNorm2d(from);
        conv_branch2a = Conv2d(from, middle, kernel_size: 3, stride: stride, padding: first, dilation: first, bias: false);
        bn_branch2b1 = BatchNorm2d(middle);
        conv_branch2b1 = Conv2d(middle, to, kernel_size: 3, padding: dilation, dilation: dilation, bias: false);
        if (from != to || stride != 1)
            conv_branch1 = Conv2d(from, to, kernel_size: 1, stride: stride, bias: false);
        RegisterComponents();
    }

    /// <param name="input"><c>[N, from, H, W]</c></param>
    /// <returns>The block's output, and its input after BatchNorm and ReLU.</returns>
    public override (Tensor Output, Tensor Activated) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var activated = functional.relu(bn_branch2a.call(input), inplace: true);
        var branch2 = functional.relu(bn_branch2b1.call(conv_branch2a.call(activated)), inplace: true);
        var output = conv_branch2b1.call(branch2).add_(conv_branch1?.call(activated) ?? input);
        return (output.MoveToOuterDisposeScope(), activated.MoveToOuterDisposeScope());
    }
}
