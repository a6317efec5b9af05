using Dashboard.Backend.Pretrained;
using static TorchSharp.torch;

namespace Dashboard.Backend.Inference;

/// <summary>The models that the inference process keeps in memory: the ones asked for last. Not thread-safe.</summary>
public sealed class LoadedModels(ModelCatalog catalog) : IDisposable
{
    /// <summary>Enough to compare two; a large CLIP has more than a gigabyte.</summary>
    private const int Most = 2;

    /// <summary>The one asked for last at the end.</summary>
    private readonly List<LoadedClip> _models = [];

    /// <exception cref="ModelException">There is none of that name or path, or it cannot be used: says why.</exception>
    public PretrainedModel Find(string nameOrPath) => catalog.Find(nameOrPath);

    /// <summary>Stays valid until two others have been asked for.</summary>
    /// <exception cref="ModelException">It has no vocabulary, or one of another size than the model's.</exception>
    /// <exception cref="Checkpoints.CheckpointException">The checkpoint is damaged: names the key.</exception>
    public LoadedClip Get(PretrainedModel source)
    {
        var kept = _models.Find(model => model.Source == source);
        if (kept is null)
        {
            // Room is made first: at no time are there more than the most.
            while (_models.Count >= Most)
                Drop(_models[0]);
            kept = LoadedClip.Open(source, CPU);
        }
        _models.Remove(kept);
        _models.Add(kept);
        return kept;
    }

    /// <summary>Forgets a model, so that the next one to ask for it has it from the file.</summary>
    public void Forget(PretrainedModel source) => _models.Where(model => model.Source == source).ToList().ForEach(Drop);

    public void Dispose() => _models.ToList().ForEach(Drop);

    private void Drop(LoadedClip model)
    {
        _models.Remove(model);
        model.Dispose();
    }
}
