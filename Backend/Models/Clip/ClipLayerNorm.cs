using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>Layer normalisation over the last dimension that computes in float32 whatever its input's type, as OpenAI's does.</summary>
public sealed class ClipLayerNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    public ClipLayerNorm(int width)
        : base(nameof(ClipLayerNorm))
    {
        weight = Parameter(ones(width));
        bias = Parameter(zeros(width));
        RegisterComponents();
    }

    /// <param name="input"><c>[..., width]</c></param>
    public override Tensor forward(Tensor input) =>
        input.dtype == weight.dtype
            ? functional.layer_norm(input, weight.shape, weight, bias)
            : functional.layer_norm(input.to(weight.dtype), weight.shape, weight, bias).to(input.dtype);
}
