using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises over the last dimensions, then scales and shifts each element.</summary>
public sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly double _eps;

    internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
    {
        (this.normalized_shape, _eps) = (normalized_shape, eps);
        if (!elementwise_affine)
            return;
        weight = new Parameter(ones(normalized_shape, dtype, device));
        if (bias)
            this.bias = new Parameter(zeros(normalized_shape, dtype, device));
    }

    public long[] normalized_shape { get; }

    /// <summary>Of <see cref="normalized_shape"/>, or null.</summary>
    public Parameter? weight
    {
        get => _registeredParameters.GetValueOrDefault(nameof(weight));
        set => ConditionallyRegisterParameter(nameof(weight), value);
    }

    /// <summary>Of <see cref="normalized_shape"/>, or null.</summary>
    public Parameter? bias
    {
        get => _registeredParameters.GetValueOrDefault(nameof(bias));
        set => ConditionallyRegisterParameter(nameof(bias), value);
    }

    public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, weight, bias, _eps);
}
