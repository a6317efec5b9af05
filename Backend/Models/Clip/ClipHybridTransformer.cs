using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>
/// A vision transformer over the features of a small convolutional network (the hybrid of Dosovitskiy et al., ICLR 2021, section 3.1): what a CLIP
/// that learns from a few thousand pairs needs, for convolutions need not learn that neighbours belong together. Parameters bear the names of CLIP's
/// other towers.
/// </summary>
public sealed class ClipHybridTransformer : ClipTokenTower
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential layer1;
    private readonly Parameter class_embedding;
    private readonly Parameter positional_embedding;
    private readonly ClipTransformer transformer;
    private readonly ClipLayerNorm ln_post;
    private readonly Parameter proj;

    public ClipHybridTransformer(ClipShape shape)
        : base(nameof(ClipHybridTransformer))
    {
        if (shape is not { PatchSize: { } patch, Stem: { } stem })
            throw new ArgumentException("A hybrid needs a patch size and a convolutional stem.", nameof(shape));
        var (width, grid) = (shape.VisionWidth, shape.ImageResolution / patch);
        var first = patch / ConvolutionalStem.SecondStride;
        conv1 = Conv2d(3, stem.Channels, kernel_size: first, stride: first, bias: false);
        bn1 = BatchNorm2d(stem.Channels);
        conv2 = Conv2d(stem.Channels, width, kernel_size: 3, stride: ConvolutionalStem.SecondStride, padding: 1, bias: false);
        bn2 = BatchNorm2d(width);
        layer1 = Sequential(Enumerable.Range(0, stem.Blocks).Select(_ => new BasicBlock(width)).ToArray<Module<Tensor, Tensor>>());
        class_embedding = Parameter(randn(width) * 0.02);
        positional_embedding = Parameter(randn(1 + grid * grid, width) * 0.02);
        transformer = new ClipTransformer(width, shape.VisionLayers[0], shape.VisionHeads, shape.QuickGelu);
        ln_post = new ClipLayerNorm(width);
        proj = Parameter(randn(width, shape.EmbeddingSize) * Math.Pow(width, -0.5));
        RegisterComponents();
    }

    protected override Tensor tokens(Tensor images, out long height, out long width)
    {
        var features = functional.relu(bn1.call(conv1.call(images.to(conv1.weight!.dtype))), inplace: true);
        features = layer1.call(functional.relu(bn2.call(conv2.call(features)), inplace: true));
        (height, width) = (features.shape[2], features.shape[3]);
        return transformer.call(embed(features, class_embedding, positional_embedding), null);
    }

    protected override Tensor project(Tensor x) => ln_post.call(x).matmul(proj.to(x.dtype));
}
