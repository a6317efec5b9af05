using Dashboard.Backend.Models.Irn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>
/// IRNet's optimiser (step/train_irn.py): the boundary branch learns at the learning rate, the displacement branch at ten times that. IRN's
/// PolyOptimizer passes the weight decay as SGD's momentum, which then is 1e-4.
/// </summary>
public static class IrnOptimizer
{
    /// <summary>Learning rate of displacements, in multiples.</summary>
    private const double Displacement = 10;

    public static SGD Create(IrNet net, double learningRate, double weightDecay) => optim.SGD(
        [Group(net.BoundaryBranch, learningRate, weightDecay), Group(net.DisplacementBranch, Displacement * learningRate, weightDecay)],
        learningRate, momentum: weightDecay, weight_decay: weightDecay);

    private static SGD.ParamGroup Group(IEnumerable<nn.Module> branch, double learningRate, double weightDecay) => new(
        branch.SelectMany(module => module.parameters()),
        new SGD.Options { LearningRate = learningRate, InitialLearningRate = learningRate, momentum = weightDecay, weight_decay = weightDecay });
}
