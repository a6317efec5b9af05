using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Psa;

/// <summary>A residual block that normalises first: 1x1 to a quarter, 3x3 to a half, 1x1 to all channels, with dropout between.</summary>
public sealed class WideBottleneck : Module<Tensor, (Tensor Output, Tensor Activated)>
{
    private readonly BatchNorm2d bn_branch2a, bn_branch2b1, bn_branch2b2;
    private readonly Conv2d conv_branch2a, conv_branch2b1, conv_branch2b2, conv_branch1;
    private readonly Dropout2d dropout_2b1, dropout_2b2;

    public WideBottleneck(long from, long to, long dilation, double dropout)
        : base(nameof(WideBottleneck))
    {
        bn_branch2a = BatchNorm2d(from);
        conv_branch2a = Conv2d(from, to / 4, kernel_size: 1, bias: false);
        bn_branch2b1 = BatchNorm2d(to / 4);
        dropout_2b1 = Dropout2d(dropout);
        conv_branch2b1 = Conv2d(to / 4, to / 2, kernel_size: 3, padding: dilation, dilation: dilation, bias: false);
        bn_branch2b2 = BatchNorm2d(to / 2);
        dropout_2b2 = Dropout2d(dropout);
        conv_branch2b2 = Conv2d(to / 2, to, kernel_size: 1, bias: false);
        conv_branch1 = Conv2d(from, to, kernel_size: 1, bias: false);
        RegisterComponents();
    }

    /// <inheritdoc cref="WideBlock.forward"/>
    public override (Tensor Output, Tensor Activated) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var activated = functional.relu(bn_branch2a.call(input), inplace: true);
        var branch2 = dropout_2b1.call(functional.relu(bn_branch2b1.call(conv_branch2a.call(activated)), inplace: true));
        branch2 = dropout_2b2.call(functional.relu(bn_branch2b2.call(conv_branch2b1.call(branch2)), inplace: true));
        var output = conv_branch2b2.call(branch2).add_(conv_branch1.call(activated));
        return (output.MoveToOuterDisposeScope(), activated.MoveToOuterDisposeScope());
    }
}
