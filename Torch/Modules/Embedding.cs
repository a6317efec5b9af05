using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A table of vectors looked up by index. Its initial values are standard normal.</summary>
public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private readonly long? _paddingIndex;
    private readonly (double Norm, double Type)? _maximum;
    private readonly bool _scaleGradientByFrequency;
    private readonly bool _sparse;

    internal Embedding(
        Tensor? table, long count, long size, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse, bool freeze,
        Device? device, ScalarType? dtype)
        : base(nameof(Embedding))
    {
        _paddingIndex = padding_idx < 0 ? count + padding_idx : padding_idx;
        _maximum = max_norm is { } norm ? (norm, norm_type) : null;
        (_scaleGradientByFrequency, _sparse) = (scale_grad_by_freq, sparse);
        weight = new Parameter(table ?? empty([count, size], dtype, device), !freeze);
        if (table is not null)
            return;
        nn.init.normal_(weight);
        if (_paddingIndex is not { } padding)
            return;
        using var noGrad = no_grad();
        using var row = Boxed.Call("aten::select.int", weight, 0, padding);
        nn.init.zeros_(row);
    }

    /// <summary><c>[number of vectors, their size]</c></summary>
    public Parameter weight
    {
        get => _registeredParameters[nameof(weight)];
        set => ConditionallyRegisterParameter(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <param name="input">Indices, <c>[...]</c></param>
    /// <returns><c>[..., size]</c></returns>
    public override Tensor forward(Tensor input)
    {
        if (_maximum is var (norm, type))
        {
            using var noGrad = no_grad();
            Boxed.CallVoid("aten::embedding_renorm_", weight, input, norm, type);
        }

        return Boxed.Call("aten::embedding", weight, input, _paddingIndex ?? -1, _scaleGradientByFrequency, _sparse);
    }
}
