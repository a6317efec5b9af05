using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using static TorchSharp.torch;

namespace Dashboard.Backend.Inference;

/// <summary>
/// A CLIP or a SimSeg as <see cref="SelfTestHandler"/> asks it. Without a vocabulary it cannot be asked for texts, but its towers can be tested.
/// </summary>
internal abstract class TestedModel : IDisposable
{
    /// <summary>For people: "ViT, patch 32".</summary>
    public abstract string Towers { get; }
    public abstract int Resolution { get; }
    public abstract int EmbeddingSize { get; }

    /// <summary>What a cosine is multiplied by.</summary>
    public abstract double LogitScale { get; }

    /// <param name="pictures">Normalised, <c>[N, 3, side, side]</c>.</param>
    /// <returns><c>[N, D]</c></returns>
    public abstract Tensor Images(Tensor pictures);

    /// <param name="tokens">As <see cref="Tokens"/> gives them.</param>
    /// <returns><c>[N, D]</c></returns>
    public abstract Tensor Texts(Tensor tokens);

    /// <summary>Two texts as ids <c>[2, context length]</c>, and what there is to say of the tokeniser.</summary>
    public abstract (Tensor Tokens, SelfTestCheck Check) Tokens(string first, string second);

    /// <summary>From its file, once more.</summary>
    /// <exception cref="ModelException">The vocabulary is another model's.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged: names the key.</exception>
    public static TestedModel Open(PretrainedModel source, LoadedModels models)
    {
        models.Forget(source);
        var asked = source.Vocabulary is null ? null : models.Get(source);
        return source.Kind == PretrainedModel.SimSeg
            ? new TestedSimSeg(source, asked as TextSupervisedSimSeg)
            : new TestedClip(source, (asked as TextSupervisedClip)?.Clip);
    }

    public abstract void Dispose();

    /// <summary>Two short sequences of ids, in case there is no tokeniser or the context is too short for the texts.</summary>
    protected static Tensor Ids(int context, params (int Row, int Column, long Id)[] ids)
    {
        var tokens = zeros([2, context], int64);
        foreach (var (row, column, id) in ids)
            tokens[row, column] = tensor(id);
        return tokens;
    }

    protected static SelfTestCheck NoTokeniser { get; } =
        new("Tokeniser", true, "no vocabulary beside the model: it cannot read texts; ids were used instead");
}

/// <param name="loaded">Stays the other's; null where there is no vocabulary.</param>
internal sealed class TestedClip(PretrainedModel source, LoadedClip? loaded) : TestedModel
{
    private readonly ClipModel? _unread = loaded is null ? ClipWeights.Load(source.Path, source.Activation).freeze() : null;

    private ClipModel Model => loaded?.Model ?? _unread!;

    public override string Towers => Model.Shape.Tower;
    public override int Resolution => Model.Shape.ImageResolution;
    public override int EmbeddingSize => Model.Shape.EmbeddingSize;
    public override double LogitScale => Model.LogitScale.exp().item<float>();

    public override Tensor Images(Tensor pictures) => Model.encode_image(pictures);

    public override Tensor Texts(Tensor tokens) => Model.encode_text(tokens);

    public override (Tensor Tokens, SelfTestCheck Check) Tokens(string first, string second)
    {
        var (context, end) = (Model.Shape.ContextLength, Model.Shape.VocabularySize - 1L);
        if (loaded is null)
            return (Ids(context, (0, 0, end), (1, 0, 1), (1, 1, end)), NoTokeniser);
        var ids = ((string[])[first, second]).Select(text => loaded.Tokenizer.Tokenize(text, context, truncate: true)).ToList();
        return (
            tensor([.. ids.SelectMany(row => row)], [2, context]),
            new("Tokeniser", ids.TrueForAll(row => row.Max() == end),
                $"'{first}' is {loaded.Tokenizer.Encode(first).Count + 2} tokens of at most {context}"));
    }

    public override void Dispose() => _unread?.Dispose();
}

/// <inheritdoc cref="TestedClip"/>
internal sealed class TestedSimSeg : TestedModel
{
    private readonly SimSegModel? _unread;
    private readonly SimSegModel _model;
    private readonly SimSegRecipe _recipe;
    private readonly PooledSimSeg _pooled;
    private readonly WordPieceTokenizer? _tokenizer;

    public TestedSimSeg(PretrainedModel source, TextSupervisedSimSeg? loaded)
    {
        if (loaded is not null)
        {
            (_model, _recipe, _tokenizer) = (loaded.Model, loaded.Recipe, loaded.Tokenizer);
        }
        else
        {
            using var file = CheckpointFile.Open(source.Path);
            _model = _unread = SimSegWeights.Load(file).Model;
            _model.eval();
            _recipe = SimSegRecipe.Of(file, _model.Shape.Text.Positions);
        }
        _pooled = new PooledSimSeg(_model, _recipe.Features.Pooling);
    }

    public override string Towers => _model.Shape.Towers;
    public override int Resolution => _recipe.Resolution;
    public override int EmbeddingSize => _model.Shape.EmbeddingSize;
    public override double LogitScale => 1 / InfoNce.Bounded(_model.Temperature).item<float>();

    public override Tensor Images(Tensor pictures) => _pooled.Images(pictures);

    public override Tensor Texts(Tensor tokens) => _pooled.Texts(tokens, tokens.ne(_tokenizer?.Vocabulary.Padding ?? 0).to(int64));

    public override (Tensor Tokens, SelfTestCheck Check) Tokens(string first, string second)
    {
        var context = _recipe.ContextLength;
        if (_tokenizer is null)
            return (Ids(context, (0, 0, 1), (0, 1, 2), (1, 0, 1), (1, 1, 3)), NoTokeniser);
        var ids = ((string[])[first, second]).Select(text => _tokenizer.Tokenize(text, context).Ids).ToList();
        return (
            tensor([.. ids.SelectMany(row => row)], [2, context]),
            new("Tokeniser", ids.TrueForAll(row => row[0] == _tokenizer.Vocabulary.Start && row.Contains(_tokenizer.Vocabulary.End)),
                $"'{first}' is {_tokenizer.Encode(first).Count + 2} tokens of at most {context}"));
    }

    public override void Dispose() => _unread?.Dispose();
}
