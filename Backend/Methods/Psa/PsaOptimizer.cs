using Dashboard.Backend.Models.Psa;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>
/// AffinityNet's optimiser (train_aff.py): backbone weights learn at the learning rate and its biases at twice that, the head's weights at ten and
/// its biases at twenty times; biases without weight decay. BatchNorm does not learn. PSA's PolyOptimizer passes the weight decay as SGD's momentum,
/// which then is 5e-4.
/// </summary>
public static class PsaOptimizer
{
    /// <summary>Learning rates of the groups, in multiples.</summary>
    public static IReadOnlyList<double> Multipliers { get; } = [1, 2, 10, 20];

    public static SGD Create(AffinityNet net, double learningRate, double weightDecay)
    {
        var groups = Groups(net).Select((group, i) => new SGD.ParamGroup(group.Select(named => named.Parameter), new SGD.Options
        {
            LearningRate = Multipliers[i] * learningRate,
            InitialLearningRate = Multipliers[i] * learningRate,
            momentum = weightDecay,
            weight_decay = i % 2 == 0 ? weightDecay : 0,
        }));
        return optim.SGD([.. groups], learningRate, momentum: weightDecay, weight_decay: weightDecay);
    }

    /// <summary>Backbone weights, backbone biases, head weights, head biases: of convolutions and GroupNorm, frozen ones included.</summary>
    public static IReadOnlyList<(string Name, Parameter Parameter)>[] Groups(AffinityNet net)
    {
        var groups = new[] { new List<(string, Parameter)>(), [], [], [] };
        foreach (var (path, module) in net.named_modules().Where(named => named.module is Conv2d or GroupNorm))
            foreach (var (name, parameter) in module.named_parameters())
                groups[(net.Head.Contains(module) ? 2 : 0) + (name == "bias" ? 1 : 0)].Add(($"{path}.{name}", parameter));
        return groups;
    }
}
