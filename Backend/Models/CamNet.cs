using Dashboard.Domain.Methods.Seeds;
using TorchSharp;
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
    private readonly Bottleneck? bottleneck;
    private readonly Conv2d classifier;

    /// <param name="classes">Foreground classes, K.</param>
    /// <param name="head">
    /// With a bottleneck, CLIMS's camera-ready head: a leaky residual block, then one channel more than there are classes, of which the first is not
    /// used.
    /// </param>
    public CamNet(ResNetShape shape, int outputStride, bool detachLayer2, int classes, ClimsHead head = ClimsHead.Classifier)
        : base(nameof(CamNet))
    {
        backbone = new ResNet(shape, outputStride, detachLayer2);
        if (head == ClimsHead.Bottleneck)
            bottleneck = new Bottleneck(backbone.Channels, backbone.Channels / Bottleneck.Expansion, stride: 1, dilation: 1, negativeSlope: 0.01);
        Classes = classes;
        classifier = Conv2d(backbone.Channels, bottleneck is null ? classes : 1 + classes, kernel_size: 1, bias: false);
        RegisterComponents();
        if (bottleneck is not null)
            foreach (var kernel in Head.SelectMany(module => module.parameters()).Where(parameter => parameter.dim() == 4))
                init.normal_(kernel, 0, 0.01);
    }

    /// <summary>K, without background.</summary>
    public int Classes { get; }

    public ResNet Backbone => backbone;

    public Conv2d Classifier => classifier;

    /// <summary>Everything behind the backbone.</summary>
    public IReadOnlyList<Module> Head => bottleneck is null ? [classifier] : [bottleneck, classifier];

    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>Logits <c>[N, K]</c>: global average pool, then classifier.</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return head(backbone.call(images).mean(new long[] { 2, 3 }, keepdim: true)).flatten(1).MoveToOuterDisposeScope();
    }

    /// <returns>Raw class maps <c>[N, K, h, w]</c>: the classifier at every position.</returns>
    public Tensor maps(Tensor images) => head(backbone.call(images));

    /// <summary>
    /// <see cref="maps"/> of the weights as they are now, where the network is in evaluation on the CPU: with BatchNorm folded into the convolutions,
    /// which is faster and equal but for rounding. Otherwise the same as it is.
    /// </summary>
    /// <returns>Belongs to the dispose scope it was made in.</returns>
    public Func<Tensor, Tensor> ForEvaluation()
    {
        if (training || classifier.weight!.device_type != DeviceType.CPU)
            return maps;
        var features = backbone.Fold();
        var block = (bottleneck as IFoldable)?.Fold();
        return images =>
        {
            using var scope = NewDisposeScope();
            var x = features(images);
            return classifier.call(block?.Call(x) ?? x).narrow(1, block is null ? 0 : 1, Classes).contiguous().MoveToOuterDisposeScope();
        };
    }

    private Tensor head(Tensor features) =>
        bottleneck is null ? classifier.call(features) : classifier.call(bottleneck.call(features)).narrow(1, 1, Classes);

    /// <summary>
    /// Switches to training. Fixed BatchNorm goes on normalising with its stored statistics; its weight and bias learn all the same.
    /// </summary>
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
