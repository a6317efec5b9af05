using Dashboard.Backend.Pretrained;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Backend.Methods.Clip;

/// <summary>A kind of model that the training makes, or goes on with: CLIP, or SimSeg's own.</summary>
internal interface ITextImageKind
{
    /// <summary>Whether these options ask for a new model of this kind.</summary>
    bool Makes(ClipTrainingOptions options);

    /// <summary>Whether a trained model is of this kind.</summary>
    bool Is(PretrainedModel model);

    /// <summary>What is wrong with the files that a new model starts from, found without a tensor library.</summary>
    IReadOnlyList<OptionFailure> Check(ClipTrainingOptions options) => [];

    /// <param name="captions">Of the training data: a vocabulary may be learnt from them.</param>
    /// <param name="report">Told what was loaded.</param>
    /// <exception cref="Weights.CheckpointException">A file is damaged, or another network's: names file and key.</exception>
    /// <exception cref="ModelException">An option does not fit the files: names it.</exception>
    ITextImageNetwork Create(ClipTrainingOptions options, IEnumerable<string> captions, Action<string> report);

    /// <summary>Goes on from a trained model.</summary>
    /// <exception cref="ModelException">It has no vocabulary, or an option does not fit it.</exception>
    /// <exception cref="Weights.CheckpointException">The checkpoint is damaged: names the key.</exception>
    ITextImageNetwork Continue(PretrainedModel source, ClipTrainingOptions options);
}
