using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;

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
        var unused = ClipNames.NotNeeded(file);
        var report =
            ImportReport.Of(file.Path, tensors, ClipTensors.Of(shape), name => name.EndsWith(ClipTensors.Counter, StringComparison.Ordinal), unused);
        return report.Unexpected.Count == 0
            ? new(PretrainedModel.Clip, shape.Tower, shape.ImageResolution, shape.EmbeddingSize, shape.VocabularySize, tensors, ModelVocabulary.Clip,
                report) { Activation = ClipWeights.ActivationOf(path, file) }
            : throw new CheckpointException(file.Path,
                $"it holds {report.Unexpected.Count} tensors that a CLIP of its size does not have, starting with "
                + $"{string.Join(", ", report.Unexpected.Take(3))}.");
    }
}
