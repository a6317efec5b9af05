using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Deeplab;

/// <summary>
/// A network that gives every position of an image logits of the labels: a backbone, and a head upon it that starts without weights.
/// </summary>
/// <param name="classes">Background included.</param>
/// <param name="fixedNorm">
/// The backbone's BatchNorm keeps its statistics, weights and biases, as pretrained ones must; a network without pretrained weights learns them.
/// </param>
public abstract class SegmentationNet(string name, int classes, bool fixedNorm) : Module<Tensor, Tensor>(name)
{
    /// <summary>Background included.</summary>
    public int Classes => classes;

    public bool FixedNorm => fixedNorm;

    public abstract Module<Tensor, Tensor> Backbone { get; }

    /// <summary>By the names under which they lie in the network.</summary>
    public abstract IReadOnlyList<(string Name, Module Module)> Head { get; }

    public override void train(bool train = true)
    {
        base.train(train);
        if (FixedNorm)
            foreach (var module in Backbone.modules())
                if (module is BatchNorm2d)
                    module.eval();
    }

    /// <param name="images"><c>[N, 3, H, W]</c></param>
    /// <returns>Everything the loss is taken of, each <c>[N, classes, h, w]</c>; last what <see cref="Module{T, TResult}.forward"/> gives.</returns>
    public abstract Tensor[] pyramid(Tensor images);
}
