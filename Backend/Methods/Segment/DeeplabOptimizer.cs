using Dashboard.Backend.Models.Deeplab;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>
/// DeepLab's optimiser (deeplab-pytorch's main.py): convolutions of the backbone learn at the learning rate, the head's weights at ten, its biases at
/// twenty times, the latter without weight decay. Fixed BatchNorm is in no group; a backbone's that learns joins the first.
/// </summary>
public static class DeeplabOptimizer
{
    /// <summary>Learning rates of the groups, in multiples.</summary>
    public static IReadOnlyList<double> Multipliers { get; } = [1, 10, 20];

    public static SGD Create(SegmentationNet net, double learningRate, double momentum, double weightDecay)
    {
        var groups = Groups(net).Select((group, i) => new SGD.ParamGroup(group.Select(named => named.Parameter), new SGD.Options
        {
            LearningRate = Multipliers[i] * learningRate,
            InitialLearningRate = Multipliers[i] * learningRate,
            momentum = momentum,
            weight_decay = i == 2 ? 0 : weightDecay,
        }));
        return optim.SGD([.. groups], learningRate, momentum: momentum, weight_decay: weightDecay);
    }

    /// <summary>For networks without pretrained weights: AdamW, whose steps do not depend on a gradient's size; one rate for all.</summary>
    public static AdamW CreateAdam(SegmentationNet net, double learningRate, double weightDecay)
    {
        var groups = Groups(net).Select((group, i) => new AdamW.ParamGroup(group.Select(named => named.Parameter), new AdamW.Options
        {
            LearningRate = learningRate,
            InitialLearningRate = learningRate,
            beta1 = 0.9,
            beta2 = 0.999,
            eps = 1e-8,
            weight_decay = i == 2 ? 0 : weightDecay,
        }));
        return optim.AdamW([.. groups], learningRate, weight_decay: weightDecay);
    }

    /// <summary>Backbone, the head's weights, the head's biases.</summary>
    public static IReadOnlyList<(string Name, Parameter Parameter)>[] Groups(SegmentationNet net)
    {
        var learning = net.Backbone.named_modules().Where(named => named.module is Conv2d || (named.module is BatchNorm2d && !net.FixedNorm));
        var head = net.Head.SelectMany(part => part.Module.named_parameters().Select(own => ($"{part.Name}.{own.name}", own.parameter)))
            .ToLookup(named => named.Item1.EndsWith("bias", StringComparison.Ordinal));
        return
        [
            [.. learning.SelectMany(named =>
                named.module.named_parameters()
                    .Where(own => own.parameter.requires_grad)
                    .Select(own => ($"{named.name}.{own.name}", own.parameter)))],
            [.. head[false]],
            [.. head[true]],
        ];
    }
}
