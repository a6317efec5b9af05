using Dashboard.Backend.Models.Bert;
using Dashboard.Backend.Models.Vit;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>
/// The files that a SimSeg starts from: a vision transformer, BERT, and BERT's vocabulary. Opened without a tensor library, so that a request can be
/// refused before anything runs.
/// </summary>
internal sealed class SimSegTowers : IDisposable
{
    private SimSegTowers(VitWeights vision, BertWeights text, WordPieceVocabulary vocabulary) => (Vision, Text, Vocabulary) =
        (vision, text, vocabulary);

    public VitWeights Vision { get; }
    public BertWeights Text { get; }
    public WordPieceVocabulary Vocabulary { get; }

    /// <exception cref="ModelException">The first of <see cref="Check"/>'s failures.</exception>
    public static SimSegTowers Open(ClipTrainingOptions options) => Try(options, out var failures) ?? throw new ModelException(failures[0].Message);

    /// <summary>What the files tell of the options.</summary>
    /// <returns>Every failure: a file of another kind, a missing vocabulary, an option that does not fit.</returns>
    public static IReadOnlyList<OptionFailure> Check(ClipTrainingOptions options)
    {
        using var towers = Try(options, out var failures);
        return failures;
    }

    /// <summary>An option that these towers cannot do; null where all is well.</summary>
    /// <param name="visionPath">For messages: where the tower comes from.</param>
    /// <param name="vocabularyOption">For messages: what names the vocabulary.</param>
    public static OptionFailure? Misfit(VitShape vision, string visionPath, BertShape text, string textPath, WordPieceVocabulary vocabulary,
        string vocabularyOption, ClipTrainingOptions options)
    {
        if (options.ImageSize % vision.PatchSize != 0)
            return new(
                "imageSize",
                $"imageSize: {options.ImageSize} is not a multiple of {vision.PatchSize}, the side of a patch in {visionPath}. Give "
                + $"{vision.PatchSize * vision.Grid}, or another multiple.");
        if (options.EvaluationSize % vision.PatchSize != 0)
            return new(
                "evaluationSize",
                $"evaluationSize: {options.EvaluationSize} is not a multiple of {vision.PatchSize}, the side of a patch in {visionPath}. Give 0, "
                + "or a multiple.");
        if (options.ContextLength > text.Positions)
            return new(
                "contextLength",
                $"contextLength: {options.ContextLength} is more than the {text.Positions} positions that {textPath} knows. Give at most that; "
                + "SimSeg has 25.");
        return vocabulary.Size == text.VocabularySize
            ? null
            : new(vocabularyOption,
                $"{vocabularyOption}: the vocabulary of {textPath} has {vocabulary.Size} pieces, but the text tower has {text.VocabularySize}. Put "
                + "the vocab.txt there that belongs to it.");
    }

    /// <param name="option">That led to the file, for the message.</param>
    /// <exception cref="ModelException">There is none, or it is not a vocabulary.</exception>
    public static WordPieceVocabulary OpenVocabulary(string option, string path)
    {
        try
        {
            return File.Exists(path)
                ? WordPieceVocabulary.Open(path)
                : throw new ModelException($"{option}: there is no {path}, BERT's vocabulary. Put the vocab.txt of bert-base-uncased there.");
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{option}: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        Vision.Dispose();
        Text.Dispose();
    }

    /// <returns>Null where there are failures.</returns>
    private static SimSegTowers? Try(ClipTrainingOptions options, out IReadOnlyList<OptionFailure> failures)
    {
        var found = new List<OptionFailure>();
        failures = found;
        var vision = Opened("visionWeights", () => VitWeights.Open(options.VisionWeights));
        var text = Opened("textWeights", () => BertWeights.Open(options.TextWeights));
        var vocabulary = text is null ? null : Opened("textWeights", () => OpenVocabulary("textWeights", text.Vocabulary));
        if (vision is not null && text is not null && vocabulary is not null
            && Misfit(vision.Shape, options.VisionWeights, text.Shape, options.TextWeights, vocabulary, "textWeights", options) is { } misfit)
            found.Add(misfit);
        if (found.Count == 0)
            return new(vision!, text!, vocabulary!);
        vision?.Dispose();
        text?.Dispose();
        return null;

        T? Opened<T>(string option, Func<T> open) where T : class
        {
            try
            {
                return open();
            }
            catch (Exception error) when (error is CheckpointException or ModelException)
            {
                found.Add(new(option, error.Message.StartsWith(option, StringComparison.Ordinal) ? error.Message : $"{option}: {error.Message}"));
                return null;
            }
        }
    }
}
