using Dashboard.Backend.Models.Nsrom;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// NSROM's optimiser (classification/scripts/train.py): SGD with Nesterov's momentum; weights of the features at the learning rate and biases at
/// twice that, those of the new layers at ten and twenty times.
/// </summary>
public static class NsromOptimizer
{
    /// <summary>Learning rates of the groups, in multiples.</summary>
    public static IReadOnlyList<double> Multipliers { get; } = [1, 2, 10, 20];

    public static SGD Create(NsromNet net, double learningRate, double momentum = 0.9, double weightDecay = 5e-4)
    {
        var groups = Groups(net).Select((group, i) => new SGD.ParamGroup(group, new SGD.Options
        {
            LearningRate = Multipliers[i] * learningRate,
            InitialLearningRate = Multipliers[i] * learningRate,
            momentum = momentum,
            nesterov = true,
            weight_decay = weightDecay,
        }));
        return optim.SGD([.. groups], learningRate, momentum: momentum, weight_decay: weightDecay, nesterov: true);
    }

    /// <summary>Weights and biases of the features, then those of the new layers.</summary>
    public static IReadOnlyList<Parameter>[] Groups(NsromNet net)
    {
        var groups = new[] { new List<Parameter>(), [], [], [] };
        foreach (var (name, parameter) in net.named_parameters())
            groups[(name.StartsWith("features", StringComparison.Ordinal) ? 0 : 2) + (name.EndsWith("bias", StringComparison.Ordinal) ? 1 : 0)]
                .Add(parameter);
        return groups;
    }
}
