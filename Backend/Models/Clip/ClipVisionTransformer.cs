using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>CLIP's vision transformer (Dosovitskiy et al., ICLR 2021, with a norm before the blocks). Parameters bear OpenAI's names.</summary>
public sealed class ClipVisionTransformer : ClipTokenTower
{
    private readonly Conv2d conv1;
    private readonly Parameter class_embedding;
    private readonly Parameter positional_embedding;
    private readonly ClipLayerNorm ln_pre;
    private readonly ClipTransformer transformer;
    private readonly ClipLayerNorm ln_post;
    private readonly Parameter proj;

    public ClipVisionTransformer(ClipShape shape)
        : base(nameof(ClipVisionTransformer))
    {
        var patch = shape.PatchSize ?? throw new ArgumentException("A vision transformer needs a patch size.", nameof(shape));
        var (width, grid) = (shape.VisionWidth, shape.ImageResolution / patch);
        var scale = Math.Pow(width, -0.5);
        conv1 = Conv2d(3, width, kernel_size: patch, stride: patch, bias: false);
        class_embedding = Parameter(randn(width) * scale);
        positional_embedding = Parameter(randn(1 + grid * grid, width) * scale);
        ln_pre = new ClipLayerNorm(width);
        transformer = new ClipTransformer(width, shape.VisionLayers[0], shape.VisionHeads, shape.QuickGelu);
        ln_post = new ClipLayerNorm(width);
        proj = Parameter(randn(width, shape.EmbeddingSize) * scale);
        RegisterComponents();
    }

    protected override Tensor tokens(Tensor images, out long height, out long width)
    {
        var features = conv1.call(images.to(conv1.weight!.dtype));
        (height, width) = (features.shape[2], features.shape[3]);
        return transformer.call(ln_pre.call(embed(features, class_embedding, positional_embedding)), null);
    }

    protected override Tensor project(Tensor x) => ln_post.call(x).matmul(proj.to(x.dtype));
}
