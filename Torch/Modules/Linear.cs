using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x · weightᵀ + bias</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
    {
        (in_features, out_features) = (inputSize, outputSize);
        weight = new Parameter(empty([outputSize, inputSize], dtype, device));
        if (hasBias)
            bias = new Parameter(empty([outputSize], dtype, device));
        reset_parameters();
    }

    public long in_features { get; }
    public long out_features { get; }

    /// <summary><c>[out_features, in_features]</c></summary>
    public Parameter weight
    {
        get => _registeredParameters[nameof(weight)];
        set => ConditionallyRegisterParameter(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary><c>[out_features]</c>, or null.</summary>
    public Parameter? bias
    {
        get => _registeredParameters.GetValueOrDefault(nameof(bias));
        set => ConditionallyRegisterParameter(nameof(bias), value);
    }

    public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);

    /// <summary>Draws new values as PyTorch does: both uniform in ± 1 / √(in_features).</summary>
    private void reset_parameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null)
            return;
        var bound = in_features > 0 ? 1 / Math.Sqrt(in_features) : 0;
        nn.init.uniform_(bias, -bound, bound);
    }
}
