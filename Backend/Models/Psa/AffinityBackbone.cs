using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Psa;

/// <summary>What AffinityNet reads: three feature maps with one position every 8 pixels.</summary>
public abstract class AffinityBackbone(string name) : Module<Tensor, Tensor[]>(name)
{
    /// <summary>Channels of the three maps.</summary>
    public abstract IReadOnlyList<long> Channels { get; }

    /// <summary>Modules that never learn.</summary>
    public abstract IReadOnlyList<Module> Frozen { get; }

    /// <summary>
    /// Frozen modules take no gradient from now on. As in the authors' code only training freezes them: their optimiser lists them all the same.
    /// </summary>
    public override void train(bool train = true)
    {
        base.train(train);
        foreach (var parameter in Frozen.SelectMany(module => module.parameters()))
            parameter.requires_grad = false;
    }
}
