using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Psa;

/// <summary>
/// A ResNet with output stride 8: what AffinityNet reads are the outputs of its last three layers. Statistics of BatchNorm are fixed; stem and first
/// layer do not learn.
/// </summary>
public sealed class ResNetFeatures : AffinityBackbone
{
    private readonly ResNet resnet;

    public ResNetFeatures(ResNetShape shape)
        : base(nameof(ResNetFeatures))
    {
        resnet = new(shape, outputStride: 8, detachLayer2: false);
        RegisterComponents();
    }

    public ResNet ResNet => resnet;

    public override IReadOnlyList<long> Channels =>
        [.. Enumerable.Range(1, 3).Select(layer => (long)resnet.Shape.Width * resnet.Shape.Expansion << layer)];

    public override IReadOnlyList<Module> Frozen =>
        [.. resnet.named_children().Where(child => child.name is "conv1" or "bn1" or "layer1").Select(child => child.module), .. Norms];

    private IEnumerable<Module> Norms => resnet.modules().Where(module => module is TorchSharp.Modules.BatchNorm2d);

    public override void train(bool train = true)
    {
        base.train(train);
        foreach (var norm in Norms)
            norm.eval();
    }

    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>Of a ResNet-50: <c>[N, 512, 1024 or 2048, ⌈H/8⌉, ⌈W/8⌉]</c>.</returns>
    public override Tensor[] forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return [.. BackboneStages.Of(resnet, images)[2..].Select(stage => stage.MoveToOuterDisposeScope())];
    }
}
