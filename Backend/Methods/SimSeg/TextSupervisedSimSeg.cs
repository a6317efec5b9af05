using Dashboard.Backend.Images;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>SimSeg's own model: a vision transformer and BERT.</summary>
public sealed class TextSupervisedSimSeg : ITextSupervisedModel
{
    private readonly PooledSimSeg _pooled;

    /// <param name="model">Taken over, and set to evaluation.</param>
    /// <param name="recipe">Null: as the authors evaluate.</param>
    /// <exception cref="ArgumentException">The vocabulary is larger than the model's: it is another one's.</exception>
    public TextSupervisedSimSeg(SimSegModel model, WordPieceTokenizer tokenizer, SimSegRecipe? recipe = null)
    {
        if (tokenizer.Vocabulary.Size > model.Shape.Text.VocabularySize)
            throw new ArgumentException(
                $"The vocabulary has {tokenizer.Vocabulary.Size} pieces, but the text tower has {model.Shape.Text.VocabularySize}. Give the "
                + "vocab.txt that belongs to it (bert-base-uncased).", nameof(tokenizer));
        (Model, Tokenizer, Recipe) = (model, tokenizer, recipe ?? SimSegRecipe.Published);
        _pooled = new PooledSimSeg(model, Recipe.Features.Pooling);
        Model.eval();
    }

    public SimSegModel Model { get; }
    public WordPieceTokenizer Tokenizer { get; }
    public SimSegRecipe Recipe { get; }
    public int Resolution => Recipe.Resolution;
    public Normalisation Normalisation => Normalisation.Of(Recipe.Features.Normalisation);
    public Device Device => Model.Temperature.device;
    public PatchAttention Attention => new(Model.Shape.Image.PatchSize, Model.Shape.Image.Heads);

    /// <summary>None: texts that are too long are cut, as in the authors' code.</summary>
    public int? LongestText => null;

    public int Tokens(string text) => Tokenizer.Encode(text).Count + 2;

    public IReadOnlyList<string> UnknownWords(string text) => Tokenizer.UnknownWords(text);

    public ImageFeatures Images(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (image, patches) = _pooled.ImagesAndPatches(images);
        return new(image.MoveToOuterDisposeScope(), functional.normalize(patches, dim: 1).MoveToOuterDisposeScope());
    }

    /// <summary>Texts that are too long are cut, as in the authors' code.</summary>
    public Tensor Texts(IReadOnlyList<string> texts)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var context = Recipe.ContextLength;
        var tokenized = texts.Select(text => Tokenizer.Tokenize(text, context)).ToList();
        var ids = Batch(tokenized.SelectMany(text => text.Ids));
        var mask = Batch(tokenized.SelectMany(text => text.Mask));
        // What is padding in every text need not be computed, unless it is pooled.
        var longest = Recipe.Features.Pooling.MaskPadding ? tokenized.Max(text => text.Mask.Sum()) : context;
        return _pooled.Texts(ids.narrow(1, 0, longest), mask.narrow(1, 0, longest)).MoveToOuterDisposeScope();

        Tensor Batch(IEnumerable<long> values) => tensor(values.ToArray(), [texts.Count, context], device: Device);
    }

    public void Dispose() => Model.Dispose();
}
