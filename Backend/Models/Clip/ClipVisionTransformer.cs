using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>CLIP's vision transformer (Dosovitskiy et al., ICLR 2021, with a norm before the blocks). Parameters bear OpenAI's names.</summary>
public sealed class ClipVisionTransformer : ClipImageTower
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

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = tokens(input, out _, out _).select(1, 0);
        return project(x).MoveToOuterDisposeScope();
    }

    public override Tensor patches(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = tokens(images, out var height, out var width);
        x = project(x.narrow(1, 1, height * width));
        return x.transpose(1, 2).unflatten(2, height, width).MoveToOuterDisposeScope();
    }

    public override (Tensor Image, Tensor Patches) image_and_patches(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = project(tokens(images, out var height, out var width));
        var patches = x.narrow(1, 1, height * width).transpose(1, 2).unflatten(2, height, width);
        return (x.select(1, 0).MoveToOuterDisposeScope(), patches.MoveToOuterDisposeScope());
    }

    /// <returns><c>[N, 1 + height * width, C]</c> after the last block: the class token, then the patches row by row.</returns>
    private Tensor tokens(Tensor images, out long height, out long width)
    {
        var x = conv1.call(images.to(conv1.weight!.dtype));
        (var n, height, width) = (x.shape[0], x.shape[2], x.shape[3]);
        x = x.flatten(2).transpose(1, 2);
        x = cat([class_embedding.to(x.dtype).expand(n, 1, -1), x], 1);
        x = x + interpolate_positions(positional_embedding, height, width).to(x.dtype);
        return transformer.call(ln_pre.call(x), null);
    }

    private Tensor project(Tensor x) => ln_post.call(x).matmul(proj.to(x.dtype));
}
