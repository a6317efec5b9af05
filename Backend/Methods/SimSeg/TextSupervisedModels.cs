using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Backend.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Text-supervised models from files.</summary>
public static class TextSupervisedModels
{
    /// <summary>A CLIP of the Models page, asked as it was trained.</summary>
    /// <exception cref="ModelException">It has no vocabulary, or another's.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged: names the key.</exception>
    public static ITextSupervisedModel Open(PretrainedModel source, Device device) => new TextSupervisedClip(LoadedClip.Open(source, device));

    /// <summary>The authors' checkpoints, or a model of that kind trained here.</summary>
    /// <param name="vocabulary">BERT's <c>vocab.txt</c>.</param>
    /// <param name="report">Which of the file's tensors became weights.</param>
    /// <exception cref="ModelException">The vocabulary is none, or another model's: names it.</exception>
    /// <exception cref="CheckpointException">Damaged, or no SimSeg: names the keys at fault.</exception>
    public static ITextSupervisedModel OpenSimSeg(string checkpoint, string vocabulary, Device device, out ImportReport report)
    {
        try
        {
            var tokenizer = new WordPieceTokenizer(WordPieceVocabulary.Open(vocabulary));
            (var model, report) = SimSegWeights.Load(checkpoint);
            model.to(device);
            return new TextSupervisedSimSeg(model, tokenizer);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or ArgumentException)
        {
            throw new ModelException($"{checkpoint}: {error.Message}", error);
        }
    }
}
