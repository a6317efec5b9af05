using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Psa;

/// <summary>
/// AffinityNet (Ahn and Kwak, CVPR 2018, section 3.2): features f^aff whose L1 distance tells whether two positions show the same class.
/// Its parameters bear the names of PSA's vgg16_aff.py and resnet38_aff.py, those of the backbone with "backbone." before them.
/// </summary>
public sealed class AffinityNet : Module<Tensor, Tensor>
{
    /// <summary>The distance between features, in pixels.</summary>
    public const int Stride = 8;

    private readonly AffinityBackbone backbone;
    private readonly Conv2d f8_3, f8_4, f8_5, f9;
    private readonly GroupNorm? gn8_3, gn8_4, gn8_5;

    /// <param name="groupNorm">
    /// Normalises what is read of the backbone: with VGG16, whose activations have no common scale, but not with ResNet38.
    /// </param>
    public AffinityNet(AffinityBackbone backbone, bool groupNorm)
        : base(nameof(AffinityNet))
    {
        this.backbone = backbone;
        (f8_3, f8_4, f8_5) = (Read(backbone.Channels[0], 64), Read(backbone.Channels[1], 128), Read(backbone.Channels[2], 256));
        if (groupNorm)
            (gn8_3, gn8_4, gn8_5) = (GroupNorms.Of(8, 64), GroupNorms.Of(16, 128), GroupNorms.Of(32, 256));
        f9 = Read(448, 448);
        RegisterComponents();
        foreach (var module in (Conv2d[])[f8_3, f8_4, f8_5])
            init.kaiming_normal_(module.weight);
        init.xavier_uniform_(f9.weight, gain: 4);
    }

    public AffinityBackbone Backbone => backbone;

    /// <summary>What starts without weights, and learns ten times as fast.</summary>
    public IReadOnlyList<Module> Head => [f8_3, f8_4, f8_5, f9];

    /// <param name="images">Normalised for the backbone, <c>[N, 3, H, W]</c>.</param>
    /// <returns><c>[N, 448, ⌈H/8⌉, ⌈W/8⌉]</c></returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = backbone.call(images);
        return elu(f9, null, cat([elu(f8_3, gn8_3, x[0]), elu(f8_4, gn8_4, x[1]), elu(f8_5, gn8_5, x[2])], 1)).MoveToOuterDisposeScope();
    }

    private static Tensor elu(Conv2d convolution, GroupNorm? norm, Tensor x)
    {
        x = convolution.call(x);
        return functional.elu(norm?.call(x) ?? x, 1);
    }

    private static Conv2d Read(long from, long to) => Conv2d(from, to, kernel_size: 1, bias: false);
}
