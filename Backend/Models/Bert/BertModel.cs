using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Bert;

/// <summary>
/// BERT (Devlin et al., NAACL 2019) without its pooler: what it makes of each token. Parameters bear the names of Hugging Face's BertModel, so that
/// the state dicts of bert-base-uncased load as they are.
/// </summary>
public sealed class BertModel : Module<Tensor, Tensor, Tensor>
{
    internal const double Epsilon = 1e-12;

    private readonly BertEmbeddings embeddings;
    private readonly BertEncoder encoder;

    public BertModel(BertShape shape)
        : base(nameof(BertModel))
    {
        Shape = shape;
        embeddings = new BertEmbeddings(shape);
        encoder = new BertEncoder(shape);
        RegisterComponents();
        foreach (var (name, parameter) in named_parameters())
        {
            if (parameter.dim() > 1)
                init.normal_(parameter, 0, 0.02);
            else if (name.EndsWith("bias", StringComparison.Ordinal))
                init.zeros_(parameter);
        }
    }

    public BertShape Shape { get; }

    /// <param name="tokens">Ids <c>[N, L]</c>, int64.</param>
    /// <param name="mask">1 where there is a token, 0 in the padding; <c>[N, L]</c>.</param>
    /// <returns>The last layer's output, <c>[N, L, width]</c>; what stands in the padding means nothing.</returns>
    public override Tensor forward(Tensor tokens, Tensor mask)
    {
        using var scope = NewDisposeScope();
        // [N, 1, 1, L]: every head and every token looks at the same tokens.
        var seen = mask.ne(0).unsqueeze(1).unsqueeze(1);
        return encoder.call(embeddings.call(tokens), seen).MoveToOuterDisposeScope();
    }
}

/// <summary>Word + position + kind of sentence.</summary>
internal sealed class BertEmbeddings : Module<Tensor, Tensor>
{
    private readonly Embedding word_embeddings;
    private readonly Embedding position_embeddings;
    private readonly Embedding token_type_embeddings;
    private readonly LayerNorm LayerNorm;
    private readonly Dropout dropout;

    public BertEmbeddings(BertShape shape)
        : base(nameof(BertEmbeddings))
    {
        word_embeddings = Embedding(shape.VocabularySize, shape.Width);
        position_embeddings = Embedding(shape.Positions, shape.Width);
        token_type_embeddings = Embedding(shape.TokenTypes, shape.Width);
        LayerNorm = nn.LayerNorm(shape.Width, BertModel.Epsilon);
        dropout = Dropout(shape.Dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = word_embeddings.call(input) + position_embeddings.weight!.narrow(0, 0, input.shape[1]) + token_type_embeddings.weight![0];
        return dropout.call(LayerNorm.call(x));
    }
}
