using Dashboard.Backend.Models.Clip;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Vit;

/// <summary>
/// The vision transformer (Dosovitskiy et al., ICLR 2021) without its classifier. Parameters bear the names of timm's vit_small_patch16_224 and
/// vit_base_patch16_224, so that its state dicts load as they are.
/// </summary>
public sealed class VisionTransformer : Module<Tensor, Tensor>
{
    internal const double Epsilon = 1e-6;

    private readonly Parameter cls_token;
    private readonly Parameter pos_embed;
    private readonly PatchEmbedding patch_embed;
    private readonly ModuleList<VitBlock> blocks;
    private readonly LayerNorm norm;

    public VisionTransformer(VitShape shape)
        : base(nameof(VisionTransformer))
    {
        Shape = shape;
        cls_token = Parameter(zeros(1, 1, shape.Width));
        pos_embed = Parameter(randn(1, 1 + shape.Grid * shape.Grid, shape.Width) * 0.02);
        patch_embed = new PatchEmbedding(shape);
        blocks = ModuleList(Enumerable.Range(0, shape.Layers).Select(_ => new VitBlock(shape)).ToArray());
        norm = LayerNorm(shape.Width, Epsilon);
        RegisterComponents();
        foreach (var (name, parameter) in named_parameters())
        {
            if (name.StartsWith("blocks.", StringComparison.Ordinal) && parameter.dim() > 1)
                init.trunc_normal_(parameter, std: 0.02);
            else if (name.StartsWith("blocks.", StringComparison.Ordinal) && name.EndsWith("bias", StringComparison.Ordinal))
                init.zeros_(parameter);
        }
    }

    public VitShape Shape { get; }

    /// <param name="input">Normalised images <c>[N, 3, H, W]</c>; sides other than the position embedding's interpolate it.</param>
    /// <returns>The class token, then the patches row by row, after the last norm: <c>[N, 1 + H / patch · W / patch, width]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = patch_embed.call(input);
        var (n, height, width) = (x.shape[0], x.shape[2], x.shape[3]);
        x = cat([cls_token.expand(n, -1, -1), x.flatten(2).transpose(1, 2)], 1);
        x = x + ClipImageTower.interpolate_positions(pos_embed[0], height, width);
        foreach (var block in blocks)
            x = block.call(x);
        return norm.call(x).MoveToOuterDisposeScope();
    }
}

/// <summary>One convolution without overlap.</summary>
internal sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    public PatchEmbedding(VitShape shape)
        : base(nameof(PatchEmbedding))
    {
        proj = Conv2d(3, shape.Width, kernel_size: shape.PatchSize, stride: shape.PatchSize);
        RegisterComponents();
    }

    /// <returns><c>[N, width, H / patch, W / patch]</c></returns>
    public override Tensor forward(Tensor input) => proj.call(input);
}
