using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Backend.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Text-supervised models from files.</summary>
public static class TextSupervisedModels
{
    /// <summary>A model of the Models page: a CLIP, asked as it was trained, or a SimSeg.</summary>
    /// <exception cref="ModelException">It has no vocabulary, or another's.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged: names the key.</exception>
    public static ITextSupervisedModel Open(PretrainedModel source, Device device) => source switch
    {
        { Kind: PretrainedModel.Clip } => new TextSupervisedClip(LoadedClip.Open(source, device)),
        _ => OpenSimSeg(source.Path, ModelVocabulary.Required(source), device),
    };

    /// <summary>The authors' checkpoints, or a model of that kind trained here.</summary>
    /// <param name="vocabulary">BERT's <c>vocab.txt</c>.</param>
    /// <exception cref="ModelException">The vocabulary is none, or another model's: names it.</exception>
    /// <exception cref="CheckpointException">Damaged, or no SimSeg: names the keys at fault.</exception>
    public static ITextSupervisedModel OpenSimSeg(string checkpoint, string vocabulary, Device device)
    {
        try
        {
            var tokenizer = new WordPieceTokenizer(WordPieceVocabulary.Open(vocabulary));
            using var file = CheckpointFile.Open(checkpoint);
            var (model, _) = SimSegWeights.Load(file);
            try
            {
                model.to(device);
                return new TextSupervisedSimSeg(model, tokenizer, SimSegRecipe.Of(file, model.Shape.Text.Positions));
            }
            catch
            {
                model.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException or ArgumentException)
        {
            throw new ModelException($"{checkpoint}: {error.Message}", error);
        }
    }
}
