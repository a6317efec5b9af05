using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Methods.Seeds;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Nsrom;

/// <summary>
/// NSROM's classification network: features, three convolutions, the graph unit, and a classifier at every position (classification/models/vgg.py and
/// vgg1.py). Its parameters bear the names of the authors' code, but for the classifier's, "extra_convs_3" there. On a ResNet that has learned from
/// ImageNet the graph unit stands on the features themselves, and adds nothing to them at first: a few hundred photographs do not teach three
/// convolutions that begin anywhere.
/// </summary>
public sealed class NsromNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> features;
    private readonly Sequential? extra_convs_1;
    private readonly GlobalReasoning extra_convs_2;
    private readonly Conv2d classifier;
    private readonly bool _integral;

    /// <param name="features"><c>[N, 3, H, W]</c> to <c>[N, channels, h, w]</c>.</param>
    /// <param name="integral">
    /// True for the integral attention model (vgg1.py), which has a ReLU before the graph unit; false for the classifier (vgg.py), which has it
    /// behind.
    /// </param>
    /// <param name="nodes">Of the graph: 64 in NSROM.</param>
    /// <param name="width">Channels of all that stands on the features: 512 in NSROM. Without convolutions those of the features.</param>
    /// <param name="kernel">Side of the three convolutions: 3 in NSROM; null: there are none.</param>
    public NsromNet(
        Module<Tensor, Tensor> features, long channels, long classes, bool integral, long nodes = 64,
        GraphReasoning reasoning = GraphReasoning.AsInCode, long width = 512, int? kernel = 3)
        : base(nameof(NsromNet))
    {
        this.features = features;
        _integral = integral;
        Classes = classes;
        if (kernel is { } side)
            extra_convs_1 = Sequential(From(channels, side), ReLU(inplace: true), From(width, side), ReLU(inplace: true), From(width, side));
        extra_convs_2 = new GlobalReasoning(width, nodes, reasoning: reasoning);
        classifier = Conv2d(width, classes, kernel_size: 1);
        RegisterComponents();
        if (extra_convs_1 is null)
        {
            extra_convs_2.AddNothing();
            return;
        }
        foreach (var convolution in Head.SelectMany(module => module.modules().Prepend(module)).OfType<Conv2d>().Distinct())
        {
            init.normal_(convolution.weight, 0,
                Math.Sqrt(2.0 / (convolution.weight.shape[0] * convolution.weight.shape[2] * convolution.weight.shape[3])));
            if (convolution.bias is not null)
                init.zeros_(convolution.bias);
        }

        Conv2d From(long given, int side) => Conv2d(given, width, kernel_size: side, padding: side / 2);
    }

    public long Classes { get; }

    public Module<Tensor, Tensor> Features => features;

    /// <summary>What starts without weights, and learns ten times as fast.</summary>
    public IReadOnlyList<Module> Head => extra_convs_1 is null ? [extra_convs_2, classifier] : [extra_convs_1, extra_convs_2, classifier];

    /// <param name="images"><c>[N, 3, H, W]</c></param>
    /// <returns>Logits <c>[N, classes]</c>: the mean of each map.</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return logits(maps(images)).MoveToOuterDisposeScope();
    }

    /// <returns>Raw class maps <c>[N, classes, h, w]</c>.</returns>
    public Tensor maps(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = features.call(images);
        x = extra_convs_1?.call(x) ?? x;
        x = _integral ? extra_convs_2.call(functional.relu(x)) : functional.relu(extra_convs_2.call(x));
        return classifier.call(x).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Switches to training. Fixed BatchNorm of the features goes on normalising with its stored statistics; the graph unit's always learns its own.
    /// </summary>
    public void train(BatchNormMode mode)
    {
        train();
        if (mode == BatchNormMode.Fixed)
            foreach (var module in features.modules())
                if (module is BatchNorm2d)
                    module.eval();
    }

    /// <param name="maps"><c>[N, classes, h, w]</c></param>
    public static Tensor logits(Tensor maps) => maps.mean([2, 3]);
}
