using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Deeplab;

/// <summary>
/// DeepLabV3+ (Chen et al., ECCV 2018): an encoder of a ResNet with output stride 16 and ASPP with image pooling (section 3.1), and a decoder that
/// sharpens its result with the features of the first layer. One scale; takes ImageNet-normalised images.
/// </summary>
public sealed class DeeplabV3Plus : SegmentationNet
{
    private const long Width = 256;

    private readonly ResNet backbone;
    private readonly ImagePoolingAspp aspp;
    private readonly Sequential low_level, decoder;

    /// <param name="backbone">With output stride 16.</param>
    /// <param name="lowLevelChannels">Of the backbone's first layer: 256 of ResNet-50, 64 of ResNet-18.</param>
    /// <param name="classes">Background included.</param>
    public DeeplabV3Plus(ResNet backbone, long lowLevelChannels, int classes, bool fixedNorm = true)
        : base(nameof(DeeplabV3Plus), classes, fixedNorm)
    {
        this.backbone = backbone;
        aspp = new(backbone.Channels, Width, rates: [6, 12, 18]);
        low_level = ConvNorm(lowLevelChannels, 48, kernel: 1);
        decoder = Sequential(
            ("0", ConvNorm(Width + 48, Width, kernel: 3)), ("1", ConvNorm(Width, Width, kernel: 3)), ("dropout", Dropout(0.1)),
            ("classifier", Conv2d(Width, classes, kernel_size: 1)));
        RegisterComponents();
    }

    public override Module<Tensor, Tensor> Backbone => backbone;

    public override IReadOnlyList<(string Name, Module Module)> Head =>
        [(nameof(aspp), aspp), (nameof(low_level), low_level), (nameof(decoder), decoder)];

    /// <inheritdoc/>
    public override Tensor[] pyramid(Tensor images) => [forward(images)];

    /// <param name="images"><c>[N, 3, H, W]</c></param>
    /// <returns>Logits <c>[N, classes, ⌈H/4⌉, ⌈W/4⌉]</c>.</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var stages = BackboneStages.Of(backbone, images);
        var low = low_level.call(stages[1]);
        var encoded = functional.interpolate(aspp.call(stages[^1]), size: low.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);
        return decoder.call(cat([encoded, low], 1)).MoveToOuterDisposeScope();
    }

    internal static Sequential ConvNorm(long from, long to, long kernel, long dilation = 1) => Sequential(
        ("conv", Conv2d(from, to, kernel, padding: kernel / 2 * dilation, dilation: dilation, bias: false)), ("bn", BatchNorm2d(to)),
        ("relu", ReLU(inplace: true)));
}
