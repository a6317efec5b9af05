using Dashboard.Backend.Models.Nsrom;
using Dashboard.Domain.Methods.Nsrom;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// NSROM's optimiser (classification/scripts/train.py): SGD with Nesterov's momentum; weights of the features at the learning rate and biases at
/// twice that, those of the new layers at ten and twenty times.
/// </summary>
public static class NsromOptimizer
{
    public static OptimizerHelper Of(NsromNetOptions options, NsromNet net) => options.Optimizer == NsromOptimizerKind.AdamW
        ? CreateAdam(net, options.LearningRate, options.WeightDecay, options.HeadRateFactor)
        : Create(net, options.LearningRate, weightDecay: options.WeightDecay, headFactor: options.HeadRateFactor);

    /// <summary>Learning rates of the groups, in multiples.</summary>
    public static IReadOnlyList<double> Multipliers(double head = 10) => [1, 2, head, 2 * head];

    /// <param name="headFactor">What the new layers learn faster than the features.</param>
    public static SGD Create(NsromNet net, double learningRate, double momentum = 0.9, double weightDecay = 5e-4, double headFactor = 10)
    {
        var groups = Rated(net, learningRate, headFactor).Select(group => new SGD.ParamGroup(group.Parameters, new SGD.Options
        {
            LearningRate = group.Rate,
            InitialLearningRate = group.Rate,
            momentum = momentum,
            nesterov = true,
            weight_decay = weightDecay,
        }));
        return optim.SGD([.. groups], learningRate, momentum: momentum, weight_decay: weightDecay, nesterov: true);
    }

    /// <summary>The same groups and multiples for networks that are trained from scratch.</summary>
    public static AdamW CreateAdam(NsromNet net, double learningRate, double weightDecay, double headFactor)
    {
        var groups = Rated(net, learningRate, headFactor).Select(group => new AdamW.ParamGroup(group.Parameters, new AdamW.Options
        {
            LearningRate = group.Rate,
            InitialLearningRate = group.Rate,
            beta1 = 0.9,
            beta2 = 0.999,
            eps = 1e-8,
            weight_decay = weightDecay,
        }));
        return optim.AdamW([.. groups], learningRate, weight_decay: weightDecay);
    }

    /// <summary>What learns: weights and biases of the features, then those of the new layers.</summary>
    public static IReadOnlyList<Parameter>[] Groups(NsromNet net)
    {
        var groups = new[] { new List<Parameter>(), [], [], [] };
        foreach (var (name, parameter) in net.named_parameters().Where(named => named.parameter.requires_grad))
            groups[(name.StartsWith("features", StringComparison.Ordinal) ? 0 : 2) + (name.EndsWith("bias", StringComparison.Ordinal) ? 1 : 0)]
                .Add(parameter);
        return groups;
    }

    private static IEnumerable<(IReadOnlyList<Parameter> Parameters, double Rate)> Rated(NsromNet net, double learningRate, double headFactor) =>
        Groups(net).Zip(Multipliers(headFactor), (group, multiple) => (group, multiple * learningRate)).Where(group => group.group.Count > 0);
}
