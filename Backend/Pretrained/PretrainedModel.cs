using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Weights;

namespace Dashboard.Backend.Pretrained;

/// <summary>A model of the Models page, as its file describes it. Read without a tensor library.</summary>
/// <param name="Name">What runs call it.</param>
/// <param name="Path">A checkpoint file, or a folder that holds one.</param>
/// <param name="Vocabulary">CLIP's merges, a folder with vocab.json and merges.txt, or BERT's vocab.txt; null where none was found: the model then
/// cannot read texts.</param>
/// <param name="Kind"><see cref="Clip"/> or <see cref="SimSeg"/>.</param>
/// <param name="Tower">"ViT, patch 32", "ModifiedResNet".</param>
/// <param name="Resolution">Side of the images it works on, in pixels.</param>
/// <param name="EmbeddingSize">Of the common space of images and texts.</param>
/// <param name="Parameters">Numbers in all tensors.</param>
/// <param name="Sha256">Of the checkpoint file, hex; of several files, of one behind the other.</param>
/// <param name="Bytes">Of the checkpoint file, or of all its files.</param>
/// <param name="IsBuiltIn">It ships with the project.</param>
/// <param name="Unavailable">Why it cannot be used any more, its file being gone or changed; null where it can.</param>
public sealed record PretrainedModel(
    string Name, string Path, string? Vocabulary, string Kind, string Tower, int Resolution, int EmbeddingSize, long Parameters, string Sha256,
    long Bytes, bool IsBuiltIn, string? Unavailable)
{
    public const string Clip = "CLIP";

    /// <summary>A vision transformer and BERT, as SimSeg's authors publish them.</summary>
    public const string SimSeg = "SimSeg";

    /// <summary>Which of the file's tensors the model takes; null where the model was added before that was looked at, and where it cannot be
    /// read.</summary>
    public ImportReport? Import { get; init; }

    /// <summary>Of a CLIP, as its file tells or as a person has said; null for a SimSeg, for a CLIP whose activation was never given, and for one
    /// added
    /// before that was asked.</summary>
    public ClipActivation? Activation { get; init; }

    /// <summary>It is a CLIP whose file does not tell its activation, and none was given: it is not used before one is.</summary>
    public bool LacksActivation { get; init; }

    /// <summary>The sentence that asks for it.</summary>
    internal string AskForActivation =>
        $"{Name}: {ClipWeights.AskForActivation} (on the Models page, or by: model add "
        + $"{Path}{(ModelCatalog.IsPath(Name) ? "" : $" --name {Name}")} --activation quickgelu).";
}
