using Dashboard.Backend.Models.Bert;
using Dashboard.Backend.Models.Vit;
using Dashboard.Domain.Methods.TextImage;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.SimSeg;

/// <summary>
/// SimSeg's model (Yi et al., CVPR 2023): a vision transformer for patches and BERT for words, each projected to one space, token by token, and
/// pooled there. Parameters bear the names of the authors' checkpoints, less what <see cref="Weights.Names.SimSegNames"/> takes off.
/// </summary>
public sealed class SimSegModel : Module<Tensor, Tensor, Tensor, (Tensor Images, Tensor Texts)>
{
    private readonly VisionTransformer image_encoder;
    private readonly BertModel text_encoder;
    private readonly SimpleProjection image_projection;
    private readonly SimpleProjection text_projection;
    private readonly Parameter temperature;

    /// <summary>A model with random weights.</summary>
    public SimSegModel(SimSegShape shape)
        : base(nameof(SimSegModel))
    {
        Shape = shape;
        image_encoder = new VisionTransformer(shape.Image);
        text_encoder = new BertModel(shape.Text);
        image_projection = new SimpleProjection(shape.Image.Width, shape.EmbeddingSize);
        text_projection = new SimpleProjection(shape.Text.Width, shape.EmbeddingSize);
        temperature = Parameter(tensor(0.02f));
        RegisterComponents();
    }

    public SimSegShape Shape { get; }

    public VisionTransformer ImageEncoder => image_encoder;

    public BertModel TextEncoder => text_encoder;

    /// <summary>τ of the loss, learnt; the training bounds it.</summary>
    public Parameter Temperature => temperature;

    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>Of the class token <c>[N, D]</c>, and of the patches row by row <c>[N, P, D]</c>; projected, not normalised.</returns>
    public (Tensor Class, Tensor Patches) encode_image(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = image_projection.call(image_encoder.call(images));
        return (x.select(1, 0).MoveToOuterDisposeScope(), x.narrow(1, 1, x.shape[1] - 1).MoveToOuterDisposeScope());
    }

    /// <param name="tokens">Ids <c>[N, L]</c>.</param>
    /// <param name="mask">1 where there is a token, <c>[N, L]</c>.</param>
    /// <returns>Of every token, [CLS] and [SEP] included, <c>[N, L, D]</c>; projected, not normalised.</returns>
    public Tensor encode_words(Tensor tokens, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return text_projection.call(text_encoder.call(tokens, mask)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Features of images and texts of length one, <c>[N, D]</c> each, pooled as the authors train: k = 5 and 5, the padding counted like words.
    /// </summary>
    public override (Tensor Images, Tensor Texts) forward(Tensor images, Tensor tokens, Tensor mask)
    {
        var pooling = new FeaturePooling(PoolingKind.Loda, ImageK: 5, TextK: 5, MaskPadding: false);
        using var scope = NewDisposeScope();
        var (cls, patches) = encode_image(images);
        var words = encode_words(tokens, mask);
        return (
            TokenPooling.Images(pooling, cls, patches).MoveToOuterDisposeScope(),
            TokenPooling.Texts(pooling, words, mask).MoveToOuterDisposeScope());
    }
}
