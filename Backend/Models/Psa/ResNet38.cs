using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Psa;

/// <summary>
/// The wide ResNet of 38 layers (Wu et al., model A1) with output stride 8 (PSA's network/resnet38d.py, and its names). Takes ImageNet-normalised
/// images. Its BatchNorm is fixed, weights and biases included.
/// </summary>
public sealed class ResNet38 : AffinityBackbone
{
    private readonly Conv2d conv1a;
    private readonly WideBlock b2, b2_1, b2_2, b3, b3_1, b3_2, b4, b4_1, b4_2, b4_3, b4_4, b4_5, b5, b5_1, b5_2;
    private readonly WideBottleneck b6, b7;
    private readonly BatchNorm2d bn7;
    private readonly long _width;

    /// <param name="width">Channels of the first convolution: 64; fewer make the same network at a fraction of the cost.</param>
    public ResNet38(long width = 64)
        : base(nameof(ResNet38))
    {
        _width = width;
        conv1a = Conv2d(3, width, kernel_size: 3, padding: 1, bias: false);
        b2 = new(width, 2 * width, 2 * width, stride: 2);
        (b2_1, b2_2) = (Same(2), Same(2));
        b3 = new(2 * width, 4 * width, 4 * width, stride: 2);
        (b3_1, b3_2) = (Same(4), Same(4));
        b4 = new(4 * width, 8 * width, 8 * width, stride: 2);
        (b4_1, b4_2, b4_3, b4_4, b4_5) = (Same(8), Same(8), Same(8), Same(8), Same(8));
        b5 = new(8 * width, 8 * width, 16 * width, dilation: 2, firstDilation: 1);
        (b5_1, b5_2) = (new(16 * width, 8 * width, 16 * width, dilation: 2), new(16 * width, 8 * width, 16 * width, dilation: 2));
        b6 = new(16 * width, 32 * width, dilation: 4, dropout: 0.3);
        b7 = new(32 * width, 64 * width, dilation: 4, dropout: 0.5);
        bn7 = BatchNorm2d(64 * width);
        RegisterComponents();

        WideBlock Same(long factor) => new(factor * width, factor * width, factor * width);
    }

    public override IReadOnlyList<long> Channels => [8 * _width, 16 * _width, 64 * _width];

    public override IReadOnlyList<Module> Frozen => [conv1a, b2, b2_1, b2_2, .. Norms];

    private IEnumerable<Module> Norms => modules().Where(module => module is BatchNorm2d);

    public override void train(bool train = true)
    {
        base.train(train);
        foreach (var norm in Norms)
            norm.eval();
    }

    /// <param name="images"><c>[N, 3, H, W]</c></param>
    /// <returns>What enters b5 and b6 after BatchNorm and ReLU, and the same of b7's output: <c>[N, 512, 1024 or 4096, ⌈H/8⌉, ⌈W/8⌉]</c>.</returns>
    public override Tensor[] forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = conv1a.call(images);
        foreach (var block in (WideBlock[])[b2, b2_1, b2_2, b3, b3_1, b3_2, b4, b4_1, b4_2, b4_3, b4_4, b4_5])
            x = block.call(x).Output;
        (x, var conv4) = b5.call(x);
        x = b5_2.call(b5_1.call(x).Output).Output;
        (x, var conv5) = b6.call(x);
        var conv6 = functional.relu(bn7.call(b7.call(x).Output), inplace: true);
        return [conv4.MoveToOuterDisposeScope(), conv5.MoveToOuterDisposeScope(), conv6.MoveToOuterDisposeScope()];
    }
}
