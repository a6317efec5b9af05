using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Training;

namespace Dashboard.Backend.Pretrained;

/// <summary>What the file of a CLIP tells.</summary>
internal static class ClipFacts
{
    /// <param name="path">The checkpoint, or the folder that holds it and its configuration.</param>
    /// <exception cref="CheckpointException">No CLIP, or not a whole one: names the keys.</exception>
    public static ModelFacts Of(string path, CheckpointFile file)
    {
        var tensors = ClipNames.ToOpenAi(file);
        var shape = ClipWeights.ShapeOf(path, file, tensors);
        RequireAll(file.Path, tensors, ClipTensors.Of(shape));
        return new(PretrainedModel.Clip, shape.Tower, shape.ImageResolution, shape.EmbeddingSize, shape.VocabularySize, tensors, ModelVocabulary.Clip);
    }

    private static void RequireAll(string path, IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, IReadOnlyList<long>> expected)
    {
        var missing = expected.Keys.Where(name => !tensors.ContainsKey(name) && !name.EndsWith(ClipTensors.Counter, StringComparison.Ordinal)).ToList();
        if (missing.Count > 0)
            throw new CheckpointException(path, $"{missing.Count} tensors of the model are missing, the first ones {string.Join(", ", missing.Take(3))}. Take the whole checkpoint.");
        var unexpected = tensors.Keys.Where(name => !expected.ContainsKey(name)).ToList();
        if (unexpected.Count > 0)
            throw new CheckpointException(path, $"it holds {unexpected.Count} tensors that a CLIP of its size has not, the first ones {string.Join(", ", unexpected.Take(3))}.");
        foreach (var (name, tensor) in tensors)
            if (!tensor.Shape.SequenceEqual(expected[name]))
                throw new CheckpointException(path, $"'{name}' has the shape [{string.Join(", ", tensor.Shape)}], [{string.Join(", ", expected[name])}] is expected.");
    }
}
