using Dashboard.Backend.Images;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Text;
using Dashboard.Domain.Methods;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>SimSeg's own model: a vision transformer and BERT.</summary>
public sealed class TextSupervisedSimSeg : ITextSupervisedModel
{
    private readonly SimSegModel _model;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly FeaturePooling _pooling;

    /// <param name="model">Taken over, and set to evaluation.</param>
    /// <param name="pooling">Null: LoDA's, as the authors evaluate.</param>
    /// <exception cref="ArgumentException">The vocabulary is larger than the model's: it is another one's.</exception>
    public TextSupervisedSimSeg(SimSegModel model, WordPieceTokenizer tokenizer, FeaturePooling? pooling = null)
    {
        if (tokenizer.Vocabulary.Size > model.Shape.Text.VocabularySize)
            throw new ArgumentException($"The vocabulary has {tokenizer.Vocabulary.Size} pieces, the text tower {model.Shape.Text.VocabularySize}. Give the vocab.txt that belongs to it (bert-base-uncased).", nameof(tokenizer));
        (_model, _tokenizer, _pooling) = (model, tokenizer, pooling ?? new FeaturePooling(PoolingKind.Loda));
        _model.eval();
    }

    public int Resolution => SimSegShape.EvaluationResolution;
    public Normalisation Normalisation => Normalisation.ImageNet;
    public Device Device => _model.Temperature.device;

    public ImageFeatures Images(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (cls, patches) = _model.encode_image(images);
        var (height, width) = (images.shape[2] / _model.Shape.Image.PatchSize, images.shape[3] / _model.Shape.Image.PatchSize);
        var map = functional.normalize(patches, dim: -1).transpose(1, 2).unflatten(2, height, width);
        return new(TokenPooling.Images(_pooling, cls, patches).MoveToOuterDisposeScope(), map.MoveToOuterDisposeScope());
    }

    /// <summary>Texts that are too long are cut, as in the authors' code.</summary>
    public Tensor Texts(IReadOnlyList<string> texts)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var tokenized = texts.Select(text => _tokenizer.Tokenize(text, SimSegShape.ContextLength)).ToList();
        var ids = Batch(tokenized.SelectMany(text => text.Ids));
        var mask = Batch(tokenized.SelectMany(text => text.Mask));
        // What is padding in every text need not be computed, unless it is pooled.
        var longest = _pooling.MaskPadding ? tokenized.Max(text => text.Mask.Sum()) : SimSegShape.ContextLength;
        var (seen, seenMask) = (ids.narrow(1, 0, longest), mask.narrow(1, 0, longest));
        return TokenPooling.Texts(_pooling, _model.encode_words(seen, seenMask), seenMask).MoveToOuterDisposeScope();

        Tensor Batch(IEnumerable<long> values) => tensor(values.ToArray(), [texts.Count, SimSegShape.ContextLength], device: Device);
    }

    public void Dispose() => _model.Dispose();
}
