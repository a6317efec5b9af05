using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models;

/// <summary>
/// A convolution and the BatchNorm behind it as one, for evaluation: w' = w γ/σ, b' = β - μ γ/σ. With channels innermost, as oneDNN computes, so that
/// nothing is put into another order on the way. Equal but for rounding. It belongs to the dispose scope that it was made in, and does not follow the
/// weights that it was made of.
/// </summary>
internal sealed class FoldedConvolution
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly (int Stride, int Padding, int Dilation) _shape;
    private readonly double _negativeSlope;

    /// <param name="negativeSlope">Of the activation: 0 is ReLU.</param>
    public FoldedConvolution(Conv2d convolution, BatchNorm2d norm, int stride, int padding, int dilation, double negativeSlope = 0)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var factor = norm.weight! * (norm.running_var! + norm.eps).rsqrt();
        _weight = ChannelsInnermost(convolution.weight! * factor.view(-1, 1, 1, 1)).MoveToOuterDisposeScope();
        _bias = (norm.bias! - (norm.running_mean! * factor)).MoveToOuterDisposeScope();
        (_shape, _negativeSlope) = ((stride, padding, dilation), negativeSlope);
    }

    /// <summary>The same numbers with the channels of a position beside each other in memory.</summary>
    public static Tensor ChannelsInnermost(Tensor images)
    {
        using var scope = NewDisposeScope();
        return images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Without an activation.</summary>
    public Tensor Linear(Tensor input) => functional.conv2d(
        input, _weight, _bias, strides: [_shape.Stride, _shape.Stride], padding: [_shape.Padding, _shape.Padding],
        dilation: [_shape.Dilation, _shape.Dilation]);

    public Tensor Activated(Tensor input) => Activate(Linear(input));

    /// <summary>With another tensor added before the activation.</summary>
    public Tensor AddedAndActivated(Tensor input, Tensor other) => Activate(Linear(input).add_(other));

    private Tensor Activate(Tensor x) => _negativeSlope == 0 ? x.relu_() : x.leaky_relu_(_negativeSlope);
}
