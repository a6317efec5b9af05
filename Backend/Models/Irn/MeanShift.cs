using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Irn;

/// <summary>In evaluation takes away a mean that was measured after training; in training lets everything through.</summary>
public sealed class MeanShift : Module<Tensor, Tensor>
{
    public MeanShift(long channels)
        : base(nameof(MeanShift))
    {
        register_buffer("running_mean", zeros(channels));
    }

    /// <summary><c>[channels]</c></summary>
    public Tensor Mean => get_buffer("running_mean")!;

    /// <param name="input"><c>[N, channels, H, W]</c></param>
    public override Tensor forward(Tensor input) => training ? input.alias() : input - Mean.view(1, -1, 1, 1);
}
