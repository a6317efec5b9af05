using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.TextImage;
using static TorchSharp.torch;

namespace Dashboard.Backend.Inference;

/// <summary>
/// The models that the inference process keeps in memory: the ones asked for last, with the class texts they were asked for. Not thread-safe.
/// </summary>
public sealed class LoadedModels(ModelCatalog catalog) : IDisposable
{
    /// <summary>Enough to compare two; a large CLIP has more than a gigabyte.</summary>
    private const int Most = 2;

    /// <summary>The one asked for last at the end.</summary>
    private readonly List<(PretrainedModel Source, ITextSupervisedModel Model)> _models = [];

    private readonly KeptTexts _texts = new();

    /// <summary>The segmentation network asked for last, and when its checkpoints were written.</summary>
    private (string Run, DateTime Written, SegmentPredictor Predictor)? _network;

    /// <summary>The network for class activation maps asked for last, and when its checkpoints were written.</summary>
    private (string Run, DateTime Written, CamSource Source)? _activations;

    /// <exception cref="ModelException">There is none of that name or path, or it cannot be used: says why.</exception>
    public PretrainedModel Find(string nameOrPath) => catalog.Find(nameOrPath);

    /// <summary>Stays valid until two others have been asked for.</summary>
    /// <exception cref="ModelException">It has no vocabulary, or one of another size than the model's.</exception>
    /// <exception cref="Weights.CheckpointException">The checkpoint is damaged: names the key.</exception>
    public ITextSupervisedModel Get(PretrainedModel source)
    {
        var kept = _models.Find(model => model.Source == source);
        if (kept.Model is null)
        {
            // Room is made first: at no time are there more than the most.
            while (_models.Count >= Most)
                Drop(_models[0]);
            kept = (source, TextSupervisedModels.Open(source, CPU));
        }
        _models.Remove(kept);
        _models.Add(kept);
        return kept.Model;
    }

    /// <summary>The same where only a CLIP will do.</summary>
    /// <exception cref="ModelException">As of <see cref="Get"/>, or it is not a CLIP.</exception>
    public LoadedClip GetClip(PretrainedModel source) =>
        source.Kind == PretrainedModel.Clip
            ? ((TextSupervisedClip)Get(source)).Clip
            : throw new ModelException($"{source.Name} is not a CLIP but a {source.Kind}. Choose a CLIP.");

    /// <summary>The features of classes; those asked for last are there already.</summary>
    /// <exception cref="ModelException">As of <see cref="Get"/>.</exception>
    /// <exception cref="Text.TextTooLongException">A name is too long for the model.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ClassTexts Texts(PretrainedModel source, IReadOnlyList<string> classes, ZeroShotOptions options, CancellationToken stop = default) =>
        _texts.Get(source, Get(source), classes, options, stop);

    /// <summary>The segmentation network of a run, in the newest state that it has; stays valid until another is asked for.</summary>
    /// <exception cref="InvalidDataException">The run has none: says what it is.</exception>
    public SegmentPredictor Network(RunFolder run)
    {
        var written = Directory.GetLastWriteTimeUtc(run.Checkpoints);
        if (_network is { } kept && kept.Run == run.Path && kept.Written == written)
            return kept.Predictor;
        _network?.Predictor.Dispose();
        _network = null;
        var predictor = SegmentPredictor.Open(run, CPU);
        _network = (run.Path, written, predictor);
        return predictor;
    }

    /// <summary>The network of a CAM or CLIMS run, in the newest state that it has; stays valid until another is asked for.</summary>
    /// <param name="classes">Of the data set that it was trained on.</param>
    /// <exception cref="InvalidRunException">The run has none: says what it is.</exception>
    internal CamSource Activations(RunFolder run, int classes)
    {
        var written = Directory.GetLastWriteTimeUtc(run.Checkpoints);
        if (_activations is { } kept && kept.Run == run.Path && kept.Written == written)
            return kept.Source;
        _activations?.Source.Dispose();
        _activations = null;
        var source = CamSource.Open(run, classes, "run", CPU, _ => { });
        _activations = (run.Path, written, source);
        return source;
    }

    /// <summary>Forgets a model, so that the next one to ask for it has it from the file.</summary>
    public void Forget(PretrainedModel source) => _models.Where(model => model.Source == source).ToList().ForEach(Drop);

    public void Dispose()
    {
        _models.ToList().ForEach(Drop);
        _texts.Dispose();
        _network?.Predictor.Dispose();
        _activations?.Source.Dispose();
        (_network, _activations) = (null, null);
    }

    private void Drop((PretrainedModel Source, ITextSupervisedModel Model) kept)
    {
        _models.Remove(kept);
        kept.Model.Dispose();
    }
}
