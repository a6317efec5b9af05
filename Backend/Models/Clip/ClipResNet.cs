using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>
/// CLIP's ModifiedResNet: three convolutions in the stem, average pooling wherever ResNet has a stride, and attention instead of the last average
/// pooling (Radford et al., ICML 2021, section 2.4). Parameters bear OpenAI's names.
/// </summary>
public sealed class ClipResNet : ClipImageTower
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly AvgPool2d avgpool;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly ClipAttentionPool attnpool;

    public ClipResNet(ClipShape shape)
        : base(nameof(ClipResNet))
    {
        var width = shape.VisionWidth;
        conv1 = Conv2d(3, width / 2, kernel_size: 3, stride: 2, padding: 1, bias: false);
        bn1 = BatchNorm2d(width / 2);
        conv2 = Conv2d(width / 2, width / 2, kernel_size: 3, padding: 1, bias: false);
        bn2 = BatchNorm2d(width / 2);
        conv3 = Conv2d(width / 2, width, kernel_size: 3, padding: 1, bias: false);
        bn3 = BatchNorm2d(width);
        avgpool = AvgPool2d(kernel_size: 2);

        var channels = width;
        layer1 = Layer(ref channels, width, shape.VisionLayers[0], stride: 1);
        layer2 = Layer(ref channels, width * 2, shape.VisionLayers[1], stride: 2);
        layer3 = Layer(ref channels, width * 4, shape.VisionLayers[2], stride: 2);
        layer4 = Layer(ref channels, width * 8, shape.VisionLayers[3], stride: 2);
        attnpool = new ClipAttentionPool(shape.ImageResolution / ClipShape.ResNetFactor, channels, shape.VisionHeads, shape.EmbeddingSize);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return attnpool.call(features(input)).MoveToOuterDisposeScope();
    }

    public override Tensor patches(Tensor images)
    {
        using var scope = NewDisposeScope();
        return attnpool.patches(features(images)).MoveToOuterDisposeScope();
    }

    public override (Tensor Image, Tensor Patches) image_and_patches(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = features(images);
        return (attnpool.call(x).MoveToOuterDisposeScope(), attnpool.patches(x).MoveToOuterDisposeScope());
    }

    /// <returns><c>[N, 32 * width, H / 32, W / 32]</c></returns>
    private Tensor features(Tensor images)
    {
        var x = images.to(conv1.weight!.dtype);
        x = functional.relu(bn1.call(conv1.call(x)), inplace: true);
        x = functional.relu(bn2.call(conv2.call(x)), inplace: true);
        x = functional.relu(bn3.call(conv3.call(x)), inplace: true);
        return layer4.call(layer3.call(layer2.call(layer1.call(avgpool.call(x)))));
    }

    private static Sequential Layer(ref int channels, int width, int blocks, int stride)
    {
        var modules = new List<Module<Tensor, Tensor>>();
        for (var block = 0; block < blocks; block++)
        {
            modules.Add(new ClipBottleneck(channels, width, block == 0 ? stride : 1));
            channels = width * Bottleneck.Expansion;
        }

        return Sequential(modules);
    }
}
