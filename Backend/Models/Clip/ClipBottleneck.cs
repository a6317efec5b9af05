using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>A residual block whose convolutions all have stride 1: where it shrinks, both ways average first, so that nothing is skipped.</summary>
public sealed class ClipBottleneck : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Module<Tensor, Tensor> avgpool;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly Sequential? downsample;

    public ClipBottleneck(int channels, int width, int stride)
        : base(nameof(ClipBottleneck))
    {
        conv1 = Conv2d(channels, width, kernel_size: 1, bias: false);
        bn1 = BatchNorm2d(width);
        conv2 = Conv2d(width, width, kernel_size: 3, padding: 1, bias: false);
        bn2 = BatchNorm2d(width);
        avgpool = Pool(stride);
        conv3 = Conv2d(width, width * Bottleneck.Expansion, kernel_size: 1, bias: false);
        bn3 = BatchNorm2d(width * Bottleneck.Expansion);
        if (stride != 1 || channels != width * Bottleneck.Expansion)
            downsample = Sequential(
                ("-1", Pool(stride)),
                ("0", Conv2d(channels, width * Bottleneck.Expansion, kernel_size: 1, bias: false)),
                ("1", BatchNorm2d(width * Bottleneck.Expansion)));
        RegisterComponents();

        // A block starts as the identity.
        init.zeros_(bn3.weight!);
    }

    /// <param name="input"><c>[N, channels, H, W]</c></param>
    /// <returns><c>[N, 4 * width, H / stride, W / stride]</c></returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.call(conv1.call(input)), inplace: true);
        x = functional.relu(bn2.call(conv2.call(x)), inplace: true);
        x = bn3.call(conv3.call(avgpool.call(x)));
        return functional.relu(x.add_(downsample?.call(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }

    private static Module<Tensor, Tensor> Pool(int stride) => stride == 1 ? Identity() : AvgPool2d(kernel_size: stride);
}
