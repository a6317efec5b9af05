using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Deeplab;

/// <summary>
/// DeepLabV2 (Chen et al., TPAMI 2018): a dilated backbone and ASPP, at several scales of the image (deeplab-pytorch's MSC). The authors' names stand
/// behind "backbone." where they are the backbone's.
/// </summary>
public sealed class DeeplabV2 : SegmentationNet
{
    private readonly Module<Tensor, Tensor> backbone;
    private readonly Aspp aspp;
    private readonly IReadOnlyList<double> _scales;

    /// <param name="backbone">With output stride 8.</param>
    /// <param name="channels">Of the backbone's output.</param>
    /// <param name="classes">Background included.</param>
    /// <param name="rates">Dilations of ASPP; 6, 12, 18, 24 where none are given.</param>
    /// <param name="scales">At which the image is seen besides its own; 0.5 and 0.75 where none are given.</param>
    public DeeplabV2(
        Module<Tensor, Tensor> backbone, long channels, int classes, IReadOnlyList<int>? rates = null, IReadOnlyList<double>? scales = null,
        bool fixedNorm = true)
        : base(nameof(DeeplabV2), classes, fixedNorm)
    {
        this.backbone = backbone;
        aspp = new(channels, classes, rates ?? [6, 12, 18, 24]);
        _scales = scales ?? [0.5, 0.75];
        RegisterComponents();
    }

    public override Module<Tensor, Tensor> Backbone => backbone;

    public Aspp Aspp => aspp;

    public override IReadOnlyList<(string Name, Module Module)> Head => [(nameof(aspp), aspp)];

    /// <param name="images"><c>[N, 3, H, W]</c></param>
    /// <returns>Logits of one scale, <c>[N, classes, h, w]</c>, about an eighth of the size.</returns>
    public Tensor logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        return aspp.call(backbone.call(images)).MoveToOuterDisposeScope();
    }

    /// <returns>
    /// The logits of the image's own scale, of each other scale, and last the <see cref="forward"/> of them all: what the loss is taken of. With one
    /// scale they are all the same, and counted once: DeepLabV2 without the wrapper.
    /// </returns>
    public override Tensor[] pyramid(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor[] all = [logits(images), .. _scales.Select(scale => logits(scaled(images, scale)))];
        if (all.Length == 1)
            return [all[0].MoveToOuterDisposeScope()];
        var size = all[0].shape[2..];
        var merged = all.Skip(1)
            .Select(small => functional.interpolate(small, size: size, mode: InterpolationMode.Bilinear, align_corners: false))
            .Aggregate(all[0], maximum);
        return [.. all.Select(logits => logits.MoveToOuterDisposeScope()), merged.MoveToOuterDisposeScope()];
    }

    /// <param name="images"><c>[N, 3, H, W]</c></param>
    /// <returns>The largest logits of all scales, <c>[N, classes, h, w]</c>.</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return pyramid(images)[^1].MoveToOuterDisposeScope();
    }

    /// <summary>As PyTorch from 1.6 on: the size is cut off to an integer, positions go by the scale itself.</summary>
    public static Tensor scaled(Tensor images, double scale) =>
        functional.interpolate(images, scale_factor: [scale, scale], mode: InterpolationMode.Bilinear, align_corners: false);
}
