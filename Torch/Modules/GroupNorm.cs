using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises each group of channels of <c>[N, C, ...]</c>, then scales and shifts each channel.</summary>
public sealed class GroupNorm : nn.Module<Tensor, Tensor>
{
    private readonly double _eps;

    internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
    {
        (this.num_groups, _eps) = (num_groups, eps);
        if (!affine)
            return;
        weight = new Parameter(ones([num_channels], dtype, device));
        bias = new Parameter(zeros([num_channels], dtype, device));
    }

    public long num_groups { get; }

    public Parameter? weight
    {
        get => _registeredParameters.GetValueOrDefault(nameof(weight));
        set => ConditionallyRegisterParameter(nameof(weight), value);
    }

    public Parameter? bias
    {
        get => _registeredParameters.GetValueOrDefault(nameof(bias));
        set => ConditionallyRegisterParameter(nameof(bias), value);
    }

    public override Tensor forward(Tensor tensor) => nn.functional.group_norm(tensor, num_groups, weight, bias, _eps);
}
