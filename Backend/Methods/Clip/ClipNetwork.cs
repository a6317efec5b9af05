using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Domain.Methods.TextImage;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Clip;

/// <summary>A CLIP with its vocabulary: a small one from scratch, or an existing one.</summary>
internal sealed class ClipNetwork : ITextImageNetwork
{
    /// <summary>As in OpenAI's code: logits are never scaled by more than this.</summary>
    private const double LargestScale = 100;

    private readonly ClipModel _model;
    private readonly PooledClip _pooled;
    private readonly ClipRecipe _recipe;
    private readonly ClipVocabulary _vocabulary;
    private readonly ClipTokenizer _tokenizer;

    /// <summary>The files that the initial model's vocabulary came in; null where it was learnt.</summary>
    private readonly string? _vocabularyFiles;

    private ClipNetwork(ClipModel model, ClipVocabulary vocabulary, string? vocabularyFiles, ClipTrainingOptions options)
    {
        (_model, _vocabulary, _vocabularyFiles, _tokenizer) = (model, vocabulary, vocabularyFiles, new ClipTokenizer(vocabulary));
        _recipe = new ClipRecipe(new FeaturePooling(options.Pooling, options.ImageK, options.TextK, options.MaskPadding), options.Normalisation);
        _pooled = new PooledClip(model, _recipe.Pooling);
        _model.LogitScale.requires_grad = options.LearnTemperature;
    }

    public Module Module => _model;
    public string Description =>
        $"{_vocabulary.Size} symbols, {_model.parameters().Sum(parameter => parameter.numel())} parameters: {_model.Shape.Tower}";
    public int Resolution => _model.Shape.ImageResolution;
    public bool HasDropout => false;
    public Tensor Temperature => (-_model.LogitScale).exp();

    /// <summary>A small one, with a vocabulary of the captions' own words.</summary>
    public static ClipNetwork Create(ClipTrainingOptions options, IEnumerable<string> captions)
    {
        var vocabulary = ClipVocabulary.Learn(captions, options.Merges);
        var model = new ClipModel(new(
            options.EmbeddingSize, options.ImageSize, [options.VisionLayers], options.VisionWidth, options.PatchSize,
            options.ContextLength, vocabulary.Size, options.TextWidth, options.TextLayers)
        {
            Stem = new(options.StemChannels, options.StemBlocks),
            VisionHeads = options.VisionHeads,
            TextHeads = options.TextHeads,
        });
        using (no_grad())
            model.LogitScale.fill_(-Math.Log(options.Temperature));
        return new(model, vocabulary, vocabularyFiles: null, options);
    }

    /// <summary>Goes on from a model with its temperature and its vocabulary.</summary>
    /// <exception cref="ModelException">It has no vocabulary.</exception>
    /// <exception cref="Weights.CheckpointException">The checkpoint is damaged: names the key.</exception>
    public static ClipNetwork Continue(PretrainedModel source, ClipTrainingOptions options)
    {
        var files = ModelVocabulary.Required(source, "initialModel");
        var vocabulary = ClipVocabulary.Open(files);
        return new(ClipWeights.Load(source.Path, source.Activation), vocabulary, files, options);
    }

    public void BoundTemperature()
    {
        using (no_grad())
            _model.LogitScale.clamp_(0, Math.Log(LargestScale));
    }

    public Tensor Tokenize(IEnumerable<string> texts)
    {
        var context = _model.Shape.ContextLength;
        var ids = texts.SelectMany(text => _tokenizer.Tokenize(text, context, truncate: true)).ToArray();
        return tensor(ids, [ids.Length / context, context]);
    }

    public Tensor Images(Tensor images) => _pooled.Images(images);

    public Tensor Texts(Tensor tokens) => _pooled.Texts(tokens);

    public Tensor Patches(Tensor images) => _model.encode_patches(images);

    public Tensor Logits(Tensor images, Tensor texts) => _model.LogitScale.exp() * images.matmul(texts.t());

    public void Save(string folder)
    {
        ClipWeights.Save(_model, Path.Combine(folder, "model.safetensors"), _recipe.ToMetadata());
        // The initial model's own files, whose ids may stand in another order.
        if (_vocabularyFiles is not { } files)
            _vocabulary.Save(Path.Combine(folder, "merges.txt"));
        else
            foreach (var file in Directory.Exists(files) ? ["vocab.json", "merges.txt"] : (string[])[Path.GetFileName(files)])
                File.Copy(Directory.Exists(files) ? Path.Combine(files, file) : files, Path.Combine(folder, file));
    }

    public void Dispose() => _model.Dispose();
}
