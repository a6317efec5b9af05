using Dashboard.Backend.Methods.Clip;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.TextImage;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>SimSeg's own model with BERT's vocabulary: from published towers, with new projections, or an existing one.</summary>
/// <remarks>
/// As the authors do, it is pooled with the training's options while it trains, and with one word a channel and without padding when it is asked.
/// </remarks>
internal sealed class SimSegNetwork : ITextImageNetwork
{
    private readonly SimSegModel _model;
    private readonly PooledSimSeg _trained;
    private readonly PooledSimSeg _asked;
    private readonly SimSegRecipe _recipe;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly string _vocabularyFile;

    private SimSegNetwork(SimSegModel model, WordPieceVocabulary vocabulary, string vocabularyFile, ClipTrainingOptions options)
    {
        (_model, _tokenizer, _vocabularyFile) = (model, new WordPieceTokenizer(vocabulary), vocabularyFile);
        var pooling = new FeaturePooling(options.Pooling, options.ImageK, options.TextK, options.MaskPadding);
        var evaluation =
            new ClipRecipe(pooling with { TextK = SimSegRecipe.Published.Features.Pooling.TextK, MaskPadding = true }, options.Normalisation);
        _recipe = new SimSegRecipe(evaluation, options.EvaluationSize > 0 ? options.EvaluationSize : options.ImageSize, options.ContextLength);
        (_trained, _asked) = (new PooledSimSeg(model, pooling), new PooledSimSeg(model, evaluation.Pooling));
        _model.Temperature.requires_grad = options.LearnTemperature;
        BoundTemperature();
    }

    public Module Module => _model;
    public string Description =>
        $"{_tokenizer.Vocabulary.Size} pieces of words, {_model.parameters().Sum(parameter => parameter.numel())} parameters: {_model.Shape.Towers}";
    public int Resolution => _recipe.Resolution;
    public bool HasDropout => _model.Shape.Text is { Dropout: > 0 } or { AttentionDropout: > 0 };
    public Tensor Temperature => _model.Temperature.clone();

    private PooledSimSeg Pooled => _model.training ? _trained : _asked;

    /// <summary>Towers from the files that the options name; projections as PyTorch draws them, which the authors leave as they are.</summary>
    /// <param name="report">Told what was loaded.</param>
    /// <exception cref="CheckpointException">A file is damaged, or another network's: names file and key.</exception>
    /// <exception cref="ModelException">An option does not fit the files, or the vocabulary is missing: names it.</exception>
    public static SimSegNetwork Create(ClipTrainingOptions options, Action<string> report)
    {
        using var towers = SimSegTowers.Open(options);
        var model = new SimSegModel(new(towers.Vision.Shape, towers.Text.Shape, options.EmbeddingSize));
        try
        {
            report(towers.Vision.LoadInto(model.ImageEncoder));
            report(towers.Text.LoadInto(model.TextEncoder));
            using (no_grad())
                model.Temperature.fill_(options.Temperature);
            return new(model, towers.Vocabulary, towers.Text.Vocabulary, options);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Goes on from a model with its temperature and its vocabulary.</summary>
    /// <exception cref="ModelException">It has no vocabulary, or an option does not fit it.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged: names the key.</exception>
    public static SimSegNetwork Continue(PretrainedModel source, ClipTrainingOptions options)
    {
        var file = ModelVocabulary.Required(source, "initialModel");
        var vocabulary = SimSegTowers.OpenVocabulary("initialModel", file);
        var (model, _) = SimSegWeights.Load(source.Path);
        try
        {
            if (SimSegTowers.Misfit(model.Shape.Image, source.Path, model.Shape.Text, source.Path, vocabulary, "initialModel", options) is { } fault)
                throw new ModelException(fault.Message);
            return new(model, vocabulary, file, options);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The bounds of the authors' loss. They clamp the value that they divide by, which then learns no more; here the weight itself stays within.
    /// </summary>
    public void BoundTemperature()
    {
        using (no_grad())
            _model.Temperature.clamp_(InfoNce.LowestTemperature, InfoNce.HighestTemperature);
    }

    public Tensor Tokenize(IEnumerable<string> texts)
    {
        var context = _recipe.ContextLength;
        var ids = texts.SelectMany(text => _tokenizer.Tokenize(text, context).Ids).ToArray();
        return tensor(ids, [ids.Length / context, context]);
    }

    public Tensor Images(Tensor images) => Pooled.Images(images);

    public Tensor Texts(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return Pooled.Texts(tokens, tokens.ne(_tokenizer.Vocabulary.Padding).to(int64)).MoveToOuterDisposeScope();
    }

    public Tensor Patches(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Pooled.ImagesAndPatches(images).Patches.MoveToOuterDisposeScope();
    }

    public Tensor Logits(Tensor images, Tensor texts) => InfoNce.Logits(images, texts, _model.Temperature);

    public void Save(string folder)
    {
        SimSegWeights.Save(_model, Path.Combine(folder, "model.safetensors"), _recipe.ToMetadata());
        File.Copy(_vocabularyFile, Path.Combine(folder, "vocab.txt"));
    }

    public void Dispose() => _model.Dispose();
}
