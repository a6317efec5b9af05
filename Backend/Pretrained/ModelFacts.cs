using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Weights;

namespace Dashboard.Backend.Pretrained;

/// <summary>What the tensors of a checkpoint tell.</summary>
/// <param name="Tensors">Those that belong to the model.</param>
/// <param name="Vocabulary">Knows the vocabularies of such models.</param>
/// <param name="Import">Which of the file's tensors they are.</param>
internal sealed record ModelFacts(
    string Kind, string Tower, int Resolution, int EmbeddingSize, int VocabularySize, IReadOnlyDictionary<string, TensorData> Tensors,
    ModelVocabulary Vocabulary, ImportReport Import)
{
    /// <summary>Of a CLIP; null where the file does not tell it.</summary>
    public ClipActivation? Activation { get; init; }
}
