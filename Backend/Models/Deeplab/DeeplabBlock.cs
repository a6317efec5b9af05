using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Deeplab;

/// <summary>A residual block: 1x1 (with the stride) reduces fourfold, 3x3 (with the dilation) mixes, 1x1 increases.</summary>
public sealed class DeeplabBlock : Module<Tensor, Tensor>
{
    private readonly Sequential reduce, conv3x3, increase;
    private readonly Sequential? shortcut;

    /// <param name="shortcut">Whether the input comes by a 1x1 convolution of its own: in every layer's first block.</param>
    public DeeplabBlock(long from, long to, long stride, long dilation, double normMomentum, bool shortcut)
        : base(nameof(DeeplabBlock))
    {
        reduce = DeeplabResNet.ConvNorm(from, to / 4, kernel: 1, normMomentum, stride);
        conv3x3 = DeeplabResNet.ConvNorm(to / 4, to / 4, kernel: 3, normMomentum, padding: dilation, dilation: dilation);
        increase = DeeplabResNet.ConvNorm(to / 4, to, kernel: 1, normMomentum, relu: false);
        if (shortcut)
            this.shortcut = DeeplabResNet.ConvNorm(from, to, kernel: 1, normMomentum, stride, relu: false);
        RegisterComponents();
    }

    /// <param name="input"><c>[N, from, H, W]</c></param>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = increase.call(conv3x3.call(reduce.call(input)));
        return functional.relu(x.add_(shortcut?.call(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}
