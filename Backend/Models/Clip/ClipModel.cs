using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>
/// CLIP (Radford et al., ICML 2021): an image tower and a text transformer that map to one space. Parameters bear OpenAI's names, so that its state
/// dicts load as they are.
/// </summary>
public sealed class ClipModel : Module<Tensor, Tensor, (Tensor PerImage, Tensor PerText)>
{
    private readonly ClipImageTower visual;
    private readonly ClipTransformer transformer;
    private readonly Embedding token_embedding;
    private readonly Parameter positional_embedding;
    private readonly ClipLayerNorm ln_final;
    private readonly Parameter text_projection;
    private readonly Parameter logit_scale;
    private ScalarType _computeType = ScalarType.Float32;

    /// <summary>A model with random weights, drawn as OpenAI's are.</summary>
    public ClipModel(ClipShape shape)
        : base(nameof(ClipModel))
    {
        Shape = shape;
        visual = shape switch
        {
            { IsResNet: true } => new ClipResNet(shape),
            { Stem: not null } => new ClipHybridTransformer(shape),
            _ => new ClipVisionTransformer(shape),
        };
        transformer = new ClipTransformer(shape.TextWidth, shape.TextLayers, shape.TextHeads, shape.QuickGelu);
        token_embedding = Embedding(shape.VocabularySize, shape.TextWidth);
        positional_embedding = Parameter(randn(shape.ContextLength, shape.TextWidth) * 0.01);
        ln_final = new ClipLayerNorm(shape.TextWidth);
        text_projection = Parameter(randn(shape.TextWidth, shape.EmbeddingSize) * Math.Pow(shape.TextWidth, -0.5));
        logit_scale = Parameter(tensor((float)Math.Log(1 / 0.07)));
        RegisterComponents();
        InitialiseText();
    }

    public ClipShape Shape { get; }

    /// <summary>The logarithm of the inverse temperature.</summary>
    public Parameter LogitScale => logit_scale;

    /// <param name="images">
    /// Normalised images <c>[N, 3, H, W]</c>; sides other than <see cref="ClipShape.ImageResolution"/> interpolate the position embedding.
    /// </param>
    /// <returns>Features <c>[N, D]</c>, not normalised.</returns>
    public Tensor encode_image(Tensor images) => visual.call(images);

    /// <summary>Features of patches, for dense use.</summary>
    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>
    /// <c>[N, D, h, w]</c>, not normalised; a patch has the side of <see cref="ClipShape.PatchSize"/>, or 32 pixels in a ModifiedResNet.
    /// </returns>
    public Tensor encode_patches(Tensor images) => visual.patches(images);

    /// <summary><see cref="encode_image"/> and <see cref="encode_patches"/> in one pass.</summary>
    public (Tensor Image, Tensor Patches) encode_image_and_patches(Tensor images) => visual.image_and_patches(images);

    /// <param name="tokens">Ids <c>[N, context length]</c>, int64; the largest one of a row ends its text.</param>
    /// <returns>Features <c>[N, D]</c>, not normalised.</returns>
    public Tensor encode_text(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var end = tokens.argmax(-1);
        var x = text_tokens(tokens, end);
        return project_text(x[arange(tokens.shape[0], device: tokens.device), end]).MoveToOuterDisposeScope();
    }

    /// <summary>Features of every token of a text, for pooling as LoDA's.</summary>
    /// <param name="tokens">As in <see cref="encode_text"/>.</param>
    /// <returns>
    /// Features <c>[N, L, D]</c>, not normalised, where L is the longest text's length; and 1 from a text's start to its end, 0 after it, <c>[N,
    /// L]</c>, int64.
    /// </returns>
    public (Tensor Words, Tensor Mask) encode_words(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var end = tokens.argmax(-1);
        var words = project_text(text_tokens(tokens, end));
        var mask = arange(words.shape[1], device: tokens.device).unsqueeze(0).le(end.unsqueeze(1)).to(int64);
        return (words.MoveToOuterDisposeScope(), mask.MoveToOuterDisposeScope());
    }

    /// <returns>exp(logit scale) · cosine of every image and text, <c>[images, texts]</c> and <c>[texts, images]</c>.</returns>
    public override (Tensor PerImage, Tensor PerText) forward(Tensor images, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var image = functional.normalize(encode_image(images), dim: -1);
        var text = functional.normalize(encode_text(tokens), dim: -1);
        var logits = logit_scale.exp() * image.matmul(text.t());
        return (logits.MoveToOuterDisposeScope(), logits.t().MoveToOuterDisposeScope());
    }

    /// <summary>Switches to evaluation and stops every gradient with respect to the weights; those with respect to images still flow.</summary>
    public ClipModel freeze()
    {
        foreach (var parameter in parameters())
            parameter.requires_grad = false;
        eval();
        return this;
    }

    /// <summary>
    /// Computes convolutions and matrix products in a narrower type; norms and embeddings stay float32, as in OpenAI's convert_weights. For frozen
    /// models on CUDA (CPUs have no float16).
    /// </summary>
    public ClipModel compute_in(ScalarType type)
    {
        foreach (var module in modules())
            if (module is TorchSharp.Modules.Conv2d or TorchSharp.Modules.Linear or ClipAttention)
                module.to(type);
        _computeType = type;
        return this;
    }

    /// <param name="end">Where each text ends, <c>[N]</c>.</param>
    /// <returns><c>[N, L, width]</c> after the last block: a token only sees those before it, so nothing after the last end is computed.</returns>
    private Tensor text_tokens(Tensor tokens, Tensor end)
    {
        var length = end.max().item<long>() + 1;
        var x = token_embedding.call(tokens.narrow(1, 0, length)) + positional_embedding.narrow(0, 0, length);
        return transformer.call(x.to(_computeType), causal_mask(length).to(_computeType));
    }

    private Tensor project_text(Tensor x)
    {
        var normalised = ln_final.call(x);
        return normalised.matmul(text_projection.to(normalised.dtype));
    }

    private Tensor causal_mask(long length) => full([length, length], float.NegativeInfinity, device: positional_embedding.device).triu_(1);

    /// <summary>As in OpenAI's initialize_parameters: smaller where there are more layers to add up.</summary>
    private void InitialiseText()
    {
        var width = Math.Pow(Shape.TextWidth, -0.5);
        init.normal_(token_embedding.weight, 0, 0.02);
        foreach (var (name, parameter) in transformer.named_parameters())
        {
            if (name.EndsWith("in_proj_weight", StringComparison.Ordinal))
                init.normal_(parameter, 0, width);
            else if (name.EndsWith("out_proj.weight", StringComparison.Ordinal) || name.EndsWith("c_proj.weight", StringComparison.Ordinal))
                init.normal_(parameter, 0, width * Math.Pow(2 * Shape.TextLayers, -0.5));
            else if (name.EndsWith("c_fc.weight", StringComparison.Ordinal))
                init.normal_(parameter, 0, width * Math.Pow(2, -0.5));
        }
    }
}
