using Dashboard.Backend.Models;
using Dashboard.Domain.Methods.Seeds;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Cam;

/// <summary>The optimiser of CAM training: backbone and head (the classifier) as two groups with their own learning rates.</summary>
public static class CamOptimizers
{
    public static OptimizerHelper Create(CamNetOptions options, CamNet net)
    {
        Parameter[] backbone = [.. net.Backbone.parameters().Where(parameter => parameter.requires_grad)];
        Parameter[] classifier = [.. net.Head.SelectMany(module => module.parameters()).Where(parameter => parameter.requires_grad)];
        var rate = options.LearningRate;
        var classifierRate = rate * options.ClassifierRateFactor;

        if (options.Optimizer == CamOptimizer.AdamW)
            return optim.AdamW(
                [AdamGroup(backbone, rate, options.WeightDecay), AdamGroup(classifier, classifierRate, options.WeightDecay)],
                rate, weight_decay: options.WeightDecay);

        // As in the authors' code: PolyOptimizer passes weight_decay where SGD expects its momentum, so the momentum is 1e-4, not 0.9.
        var momentum = options.Optimizer == CamOptimizer.PolyAsInCode ? options.WeightDecay : 0.9;
        return optim.SGD(
            [SgdGroup(backbone, rate, momentum, options.WeightDecay), SgdGroup(classifier, classifierRate, momentum, options.WeightDecay)],
            rate, momentum: momentum, weight_decay: options.WeightDecay);
    }

    private static AdamW.ParamGroup AdamGroup(IEnumerable<Parameter> parameters, double rate, double weightDecay) =>
        new(parameters, new AdamW.Options { LearningRate = rate, InitialLearningRate = rate, beta1 = 0.9, beta2 = 0.999, eps = 1e-8,
            weight_decay = weightDecay });

    private static SGD.ParamGroup SgdGroup(IEnumerable<Parameter> parameters, double rate, double momentum, double weightDecay) =>
        new(parameters, new SGD.Options { LearningRate = rate, InitialLearningRate = rate, momentum = momentum, weight_decay = weightDecay });
}
