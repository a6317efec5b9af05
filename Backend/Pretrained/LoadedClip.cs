using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Text;
using Dashboard.Backend.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Pretrained;

/// <summary>A frozen CLIP with the tokeniser that belongs to it.</summary>
public sealed class LoadedClip : IDisposable
{
    private LoadedClip(PretrainedModel source, ClipModel model, ClipRecipe recipe, ClipTokenizer tokenizer)
    {
        (Source, Model, Recipe, Tokenizer) = (source, model, recipe, tokenizer);
        Pooled = new PooledClip(model, recipe.Pooling);
    }

    public PretrainedModel Source { get; }
    public ClipModel Model { get; }
    public ClipRecipe Recipe { get; }
    public PooledClip Pooled { get; }
    public ClipTokenizer Tokenizer { get; }

    /// <exception cref="ModelException">It is not a CLIP, has no vocabulary, or one of another size than the model's.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged: names the key.</exception>
    public static LoadedClip Open(PretrainedModel source, Device device)
    {
        if (source.Kind != PretrainedModel.Clip)
            throw new ModelException($"{source.Name} is a {source.Kind} model, but a CLIP is needed here. Choose one on the Models page.");
        var vocabulary = ClipVocabulary.Open(ModelVocabulary.Required(source));
        using var file = CheckpointFile.Open(source.Path);
        var recipe = ClipRecipe.Of(file);
        var model = ClipWeights.Load(source.Path, file, source.Activation);
        if (vocabulary.Size != model.Shape.VocabularySize)
        {
            var size = model.Shape.VocabularySize;
            model.Dispose();
            throw new ModelException(
                $"{source.Name}: the vocabulary {source.Vocabulary} has {vocabulary.Size} symbols, but the model has {size}. Add the model with "
                + "the vocabulary it was trained with.");
        }
        model.to(device);
        return new(source, model.freeze(), recipe, new ClipTokenizer(vocabulary));
    }

    /// <summary>Of a text, start and end included.</summary>
    public int Tokens(string text) => Tokenizer.Encode(text).Count + 2;

    /// <summary>Features of texts, of length one, <c>[N, D]</c>; without a gradient.</summary>
    /// <exception cref="TextTooLongException">A text has more tokens than the model's context.</exception>
    public Tensor Texts(IReadOnlyList<string> texts)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var context = Model.Shape.ContextLength;
        var ids = texts.SelectMany(text => Tokenizer.Tokenize(text, context)).ToArray();
        var tokens = tensor(ids, [texts.Count, context], device: Model.LogitScale.device);
        return Pooled.Texts(tokens).MoveToOuterDisposeScope();
    }

    public void Dispose() => Model.Dispose();
}
