using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods.Seeds;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Clims;

/// <summary>The sentences of a run: those of every class, and the co-occurring backgrounds.</summary>
/// <param name="Classes">For each class one or more sentences, whose features are averaged.</param>
/// <param name="Backgrounds">J sentences, those of all classes first.</param>
/// <param name="Related">For each class the positions of its backgrounds.</param>
public sealed record ClimsPrompts(IReadOnlyList<IReadOnlyList<string>> Classes, IReadOnlyList<string> Backgrounds,
    IReadOnlyList<IReadOnlyList<int>> Related)
{
    /// <summary>The word that each sentence was made of.</summary>
    private Dictionary<string, string> WordOf { get; init; } = [];

    public static ClimsPrompts Of(ClimsOptions options, ClassSet classes)
    {
        var own = classes.Names.Select(name => options.ClassBackgrounds.GetValueOrDefault(name, [])).ToList();
        var backgrounds = options.Backgrounds.Concat(own.SelectMany(words => words)).Distinct().ToList();
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        return new(
            [.. classes.Names.Select(name => Sentences(options.ClassWords.GetValueOrDefault(name, [name])))],
            Sentences(backgrounds),
            [.. own.Select(words => options.Backgrounds.Concat(words).Distinct().Select(word => backgrounds.IndexOf(word)).ToList())]) { WordOf =
                words };

        List<string> Sentences(IEnumerable<string> named) => [.. named.Select(word =>
        {
            var sentence = options.PromptTemplate.Replace("{}", word, StringComparison.Ordinal);
            words[sentence] = word;
            return sentence;
        })];
    }

    /// <summary>
    /// Names in the options that are not classes of the data set: what is said about them has no effect. The defaults are those of VOC's classes.
    /// </summary>
    public static IReadOnlyList<string> UnknownClasses(ClimsOptions options, ClassSet classes) =>
        [.. options.ClassWords.Keys.Concat(options.ClassBackgrounds.Keys).Concat(options.WeightedClasses).Distinct().Except(classes.Names)];

    /// <summary>Encodes every sentence once.</summary>
    /// <exception cref="Text.TextTooLongException">A sentence has more tokens than the CLIP's context: names its word.</exception>
    public ClimsTexts Encode(LoadedClip clip)
    {
        var context = clip.Model.Shape.ContextLength;
        if (Classes.SelectMany(sentences => sentences).Concat(Backgrounds).FirstOrDefault(sentence => clip.Tokens(sentence) > context) is { } tooLong)
            throw Text.TextTooLongException.OfWord(WordOf.GetValueOrDefault(tooLong, tooLong), 1, clip.Tokens(tooLong), context);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var labels = stack([.. Classes.Select(sentences => functional.normalize(clip.Texts(sentences).mean([0]), dim: -1))]);
        var backgrounds = Backgrounds.Count > 0 ? clip.Texts(Backgrounds) : labels.narrow(0, 0, 0);
        var related = new bool[Classes.Count * Backgrounds.Count];
        for (var k = 0; k < Classes.Count; k++)
            foreach (var l in Related[k])
                related[(k * Backgrounds.Count) + l] = true;
        return new(
            labels.MoveToOuterDisposeScope(),
            backgrounds.MoveToOuterDisposeScope(),
            related.All(isRelated => isRelated)
                ? null
                : tensor(related, [Classes.Count, Backgrounds.Count]).to(labels.device).MoveToOuterDisposeScope());
    }
}
