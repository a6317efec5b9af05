using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Irn;

/// <summary>
/// IRNet (Ahn et al., CVPR 2019, section 4.1): two branches over the five stages of a frozen ResNet, one for class boundaries B, one for
/// displacements D. Its parameters bear the names of IRN's net/resnet50_irn.py, but for "backbone" in place of "resnet50".
/// </summary>
public sealed class IrNet : Module<Tensor, (Tensor Boundary, Tensor Displacement)>
{
    private readonly ResNet backbone;
    private readonly MeanShift mean_shift = new(2);
    private readonly Sequential fc_edge1, fc_edge2, fc_edge3, fc_edge4, fc_edge5;
    private readonly Conv2d fc_edge6;
    private readonly Sequential fc_dp1, fc_dp2, fc_dp3, fc_dp4, fc_dp5, fc_dp6, fc_dp7;

    /// <param name="shape">Of the backbone, which never learns.</param>
    /// <param name="outputStride">Of the backbone: 16 in IRN; 8 for one that was trained so.</param>
    public IrNet(ResNetShape shape, int outputStride = 16)
        : base(nameof(IrNet))
    {
        backbone = new(shape, outputStride, detachLayer2: true);
        long[] channels = [shape.Width, .. Enumerable.Range(0, 4).Select(layer => (long)shape.Width * shape.Expansion << layer)];
        // From the last two layers to a quarter and to an eighth of the image.
        var (toQuarter, toEighth) = (outputStride / 4.0, outputStride / 8.0);

        fc_edge1 = Reduce(channels[0], 32, groups: 4);
        fc_edge2 = Reduce(channels[1], 32, groups: 4);
        fc_edge3 = Reduce(channels[2], 32, groups: 4, scale: 2);
        fc_edge4 = Reduce(channels[3], 32, groups: 4, scale: toQuarter);
        fc_edge5 = Reduce(channels[4], 32, groups: 4, scale: toQuarter);
        fc_edge6 = Conv2d(5 * 32, 1, kernel_size: 1);

        fc_dp1 = Reduce(channels[0], 64, groups: 8);
        fc_dp2 = Reduce(channels[1], 128, groups: 16);
        fc_dp3 = Reduce(channels[2], 256, groups: 16);
        fc_dp4 = Reduce(channels[3], 256, groups: 16, scale: toEighth);
        fc_dp5 = Reduce(channels[4], 256, groups: 16, scale: toEighth);
        fc_dp6 = Reduce(3 * 256, 256, groups: 16, scale: 2);
        fc_dp7 = Reduce(64 + 128 + 256, 256, groups: 16);
        fc_dp7.append("3", Conv2d(256, 2, kernel_size: 1, bias: false));
        RegisterComponents();
        foreach (var parameter in backbone.parameters())
            parameter.requires_grad = false;
        backbone.eval();
    }

    public ResNet Backbone => backbone;

    /// <summary>What the boundaries are read by.</summary>
    public IReadOnlyList<Module> BoundaryBranch => [fc_edge1, fc_edge2, fc_edge3, fc_edge4, fc_edge5, fc_edge6];

    /// <summary>What the displacements are read by.</summary>
    public IReadOnlyList<Module> DisplacementBranch => [fc_dp1, fc_dp2, fc_dp3, fc_dp4, fc_dp5, fc_dp6, fc_dp7];

    /// <summary>The mean displacement, taken away in evaluation.</summary>
    public MeanShift MeanShift => mean_shift;

    /// <summary>The backbone stays in evaluation: its BatchNorm is fixed.</summary>
    public override void train(bool train = true)
    {
        base.train(train);
        backbone.eval();
    }

    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>
    /// Boundary logits <c>[N, 1, h, w]</c> and displacements <c>[N, 2, h, w]</c> in rows and columns, with h = ⌈H/4⌉ and w = ⌈W/4⌉.
    /// </returns>
    public override (Tensor Boundary, Tensor Displacement) forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = stages(images);
        return (boundary(x).MoveToOuterDisposeScope(), displacement(x).MoveToOuterDisposeScope());
    }

    /// <returns>Boundary logits alone, <c>[N, 1, h, w]</c>: all that a random walk needs.</returns>
    public Tensor boundaries(Tensor images)
    {
        using var scope = NewDisposeScope();
        return boundary(stages(images)).MoveToOuterDisposeScope();
    }

    private Tensor[] stages(Tensor images)
    {
        using var guard = no_grad();
        return BackboneStages.Of(backbone, images);
    }

    private Tensor boundary(Tensor[] x)
    {
        var edge2 = fc_edge2.call(x[1]);
        return fc_edge6.call(cat(
            [fc_edge1.call(x[0]), edge2, crop(fc_edge3.call(x[2]), edge2), crop(fc_edge4.call(x[3]), edge2), crop(fc_edge5.call(x[4]), edge2)], 1));
    }

    private Tensor displacement(Tensor[] x)
    {
        var (dp1, dp2, dp3) = (fc_dp1.call(x[0]), fc_dp2.call(x[1]), fc_dp3.call(x[2]));
        var dp_up3 = fc_dp6.call(cat([dp3, crop(fc_dp4.call(x[3]), dp3), crop(fc_dp5.call(x[4]), dp3)], 1));
        return mean_shift.call(fc_dp7.call(cat([dp1, dp2, crop(dp_up3, dp2)], 1)));
    }

    private static Tensor crop(Tensor x, Tensor like) => x.narrow(2, 0, like.shape[2]).narrow(3, 0, like.shape[3]);

    private static Sequential Reduce(long from, long to, long groups, double scale = 1)
    {
        var modules = new List<Module<Tensor, Tensor>> { Conv2d(from, to, kernel_size: 1, bias: false), GroupNorms.Of(groups, to) };
        if (scale > 1)
            modules.Add(Upsample(scale_factor: [scale, scale], mode: UpsampleMode.Bilinear, align_corners: false));
        modules.Add(ReLU(inplace: true));
        return Sequential(modules);
    }
}
