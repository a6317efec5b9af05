using Dashboard.Backend.Pretrained;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Inference;

/// <summary>Answers a <see cref="PromptCheckRequest"/>.</summary>
internal static class PromptCheckHandler
{
    private const int MostPrompts = 4096;

    /// <summary>Texts that go through the text tower at once; bounds memory.</summary>
    private const int AtOnce = 128;

    public static PromptCheckReport Answer(PromptCheckRequest request, LoadedModels models)
    {
        var backgrounds = request.Backgrounds.Concat(request.Classes.SelectMany(known => Own(request, known))).Distinct().ToList();
        string[] words = [.. request.Classes.SelectMany(known => known.Words).Concat(backgrounds).DistinctBy(word => Prompt(request, word))];
        if (words.Length > MostPrompts)
            throw new InferenceException($"There are {words.Length} prompts, but at most {MostPrompts} are checked. Shorten the lists.");

        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var clip = models.GetClip(models.Find(request.Model));
        var context = clip.Model.Shape.ContextLength;
        var prompts = words.Select(word => (Word: word, Text: Prompt(request, word), Tokens: clip.Tokens(Prompt(request, word))))
            .Select(prompt => new CheckedPrompt(prompt.Text, prompt.Word, prompt.Tokens, prompt.Tokens > context)).ToList();
        var features = Encode(clip, [.. prompts.Where(prompt => !prompt.IsTooLong).Select(prompt => prompt.Text)]);

        Tensor? Feature(IReadOnlyList<string> words)
        {
            var found = words.Select(word => features.GetValueOrDefault(Prompt(request, word))).ToList();
            return found.Count == 0 || found.Contains(null)
                ? null
                : functional.normalize(stack(found.Select(feature => feature!)).mean([0]), dim: -1);
        }

        var classFeatures = request.Classes.Select(known => Feature(known.Words)).ToList();
        var backgroundFeatures = backgrounds.Select(background => Feature([background])).ToList();
        return new(
            request.Model,
            prompts,
            context,
            [.. request.Classes.Select(known => known.Name)],
            backgrounds,
            [.. request.Classes.Select(known =>
                (IReadOnlyList<bool>)[
                    .. backgrounds.Select(background => request.Backgrounds.Contains(background) || Own(request, known).Contains(background))])],
            Cosines(classFeatures, backgroundFeatures),
            Cosines(classFeatures, classFeatures));
    }

    private static string Prompt(PromptCheckRequest request, string word) => request.Template.Replace("{}", word, StringComparison.Ordinal);

    private static IReadOnlyList<string> Own(PromptCheckRequest request, PromptClass known) =>
        request.ClassBackgrounds.GetValueOrDefault(known.Name) ?? [];

    /// <summary>Features of length one, <c>[D]</c>, by text.</summary>
    private static Dictionary<string, Tensor> Encode(LoadedClip clip, string[] texts) =>
        texts.Chunk(AtOnce).SelectMany(chunk => chunk.Zip(clip.Texts(chunk).unbind(0))).ToDictionary(pair => pair.First, pair => pair.Second);

    private static List<IReadOnlyList<double?>> Cosines(List<Tensor?> rows, List<Tensor?> columns)
    {
        if (rows.Concat(columns).FirstOrDefault(feature => feature is not null) is not { } any || rows.Count == 0 || columns.Count == 0)
            return [.. rows.Select(_ => (IReadOnlyList<double?>)new double?[columns.Count])];
        var missing = zeros_like(any);
        var values = stack(rows.Select(row => row ?? missing)).matmul(stack(columns.Select(column => column ?? missing))
            .t()).contiguous().data<float>().ToArray();
        return [
            .. rows.Select((row, i) =>
                (IReadOnlyList<double?>)[
                    .. columns.Select((column, j) => row is null || column is null ? (double?)null : values[i * columns.Count + j])])];
    }
}
