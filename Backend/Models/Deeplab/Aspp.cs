using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Deeplab;

/// <summary>
/// Atrous spatial pyramid pooling (Chen et al., DeepLabV2, section 3.2): the same features through 3x3 convolutions of several dilations, summed.
/// </summary>
public sealed class Aspp : Module<Tensor, Tensor>
{
    private readonly List<Conv2d> _branches = [];

    /// <param name="rates">Dilations: 6, 12, 18, 24 in DeepLab-ASPP-L.</param>
    public Aspp(long channels, long classes, IReadOnlyList<int> rates)
        : base(nameof(Aspp))
    {
        for (var i = 0; i < rates.Count; i++)
        {
            var branch = Conv2d(channels, classes, kernel_size: 3, padding: rates[i], dilation: rates[i]);
            init.normal_(branch.weight, 0, 0.01);
            init.zeros_(branch.bias!);
            _branches.Add(branch);
            register_module($"c{i}", branch);
        }
    }

    /// <param name="features"><c>[N, channels, H, W]</c></param>
    /// <returns>Logits <c>[N, classes, H, W]</c>.</returns>
    public override Tensor forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        return _branches.Select(branch => branch.call(features)).Aggregate((sum, logits) => sum + logits).MoveToOuterDisposeScope();
    }
}
