using Dashboard.Domain.Methods;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models;

/// <summary>
/// A classification network whose classifier is a 1x1 convolution without bias: read before the global average pool, it gives class
/// activation maps (Zhou et al., CVPR 2016; as in the code of IRN and CLIMS).
/// </summary>
public sealed class CamNet : Module<Tensor, Tensor>
{
    private readonly ResNet backbone;
    private readonly Conv2d classifier;

    /// <param name="classes">Foreground classes, K.</param>
    public CamNet(ResNetShape shape, int outputStride, bool detachLayer2, int classes)
        : base(nameof(CamNet))
    {
        backbone = new ResNet(shape, outputStride, detachLayer2);
        classifier = Conv2d(backbone.Channels, classes, kernel_size: 1, bias: false);
        RegisterComponents();
    }

    public ResNet Backbone => backbone;

    public Conv2d Classifier => classifier;

    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>Logits <c>[N, K]</c>: global average pool, then classifier.</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return classifier.call(backbone.call(images).mean(new long[] { 2, 3 }, keepdim: true)).flatten(1).MoveToOuterDisposeScope();
    }

    /// <returns>Raw class maps <c>[N, K, h, w]</c>: the classifier at every position.</returns>
    public Tensor maps(Tensor images) => classifier.call(backbone.call(images));

    /// <summary>Switches to training. Fixed BatchNorm goes on normalising with its stored statistics; its weight and bias learn all the same.</summary>
    public void train(BatchNormMode mode)
    {
        train();
        if (mode == BatchNormMode.Ordinary)
            return;
        foreach (var module in modules())
            if (module is BatchNorm2d)
                module.eval();
    }
}
