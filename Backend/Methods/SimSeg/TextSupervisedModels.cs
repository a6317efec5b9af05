using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Images;
using Dashboard.Backend.Models;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Text-supervised models from files.</summary>
public static class TextSupervisedModels
{
    /// <summary>
    /// A CLIP of the Models page. How it was trained stands in its file's metadata, as our own trainers write it: <c>pooling</c> (global, average, loda), <c>imageK</c> and
    /// <c>textK</c> (of LoDA), <c>normalisation</c> (imageNet, clip). Published files have none: global pooling, CLIP's own pixels.
    /// </summary>
    /// <exception cref="ModelException">It has no vocabulary, or its metadata says what is not known.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged: names the key.</exception>
    public static ITextSupervisedModel OpenClip(PretrainedModel source, Device device)
    {
        IReadOnlyDictionary<string, string> remarks;
        using (var file = CheckpointFile.Open(ClipWeights.WeightsOf(source.Path)))
            remarks = file.Metadata;
        var defaults = new FeaturePooling(Choice("pooling", PoolingKind.Global));
        var pooling = defaults with { ImageK = Count("imageK", defaults.ImageK), TextK = Count("textK", defaults.TextK) };
        var normalisation = Choice("normalisation", PixelNormalisation.Clip) == PixelNormalisation.ImageNet ? Normalisation.ImageNet : Normalisation.Clip;
        var clip = LoadedClip.Open(source, device);
        return new TextSupervisedClip(clip.Model, clip.Tokenizer, pooling, normalisation);

        T Choice<T>(string key, T otherwise) where T : struct, Enum => !remarks.TryGetValue(key, out var given)
            ? otherwise
            : Enum.GetValues<T>().Select(value => (T?)value).FirstOrDefault(value => string.Equals($"{value}", given, StringComparison.OrdinalIgnoreCase))
                ?? throw new ModelException($"{source.Name}: its file's metadata says {key} '{given}'. Known are {string.Join(", ", Enum.GetNames<T>())}.");

        int Count(string key, int otherwise) => !remarks.TryGetValue(key, out var given)
            ? otherwise
            : int.TryParse(given, out var k) && k > 0 ? k : throw new ModelException($"{source.Name}: its file's metadata says {key} '{given}', which is no number from 1.");
    }

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
