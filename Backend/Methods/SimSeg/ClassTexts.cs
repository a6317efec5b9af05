using Dashboard.Backend.Text;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods.TextImage;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Classes and their text features t_c. They are the same for all images, so they are computed once.</summary>
public sealed class ClassTexts : IDisposable
{
    /// <summary>
    /// Sentences of a class that go through the model at once. A class's are a batch of their own, as in the authors' code, whose pooling looks at
    /// the shortest text of the batch.
    /// </summary>
    private const int SentencesAtOnce = 256;

    /// <param name="names">One a row; the background's first where it competes.</param>
    /// <param name="features">t_c, of length one, <c>[C, D]</c>; taken over.</param>
    /// <param name="hasBackground">Whether the first row is the background's.</param>
    public ClassTexts(IReadOnlyList<string> names, Tensor features, bool hasBackground) =>
        (Names, Features, HasBackground) = (names, features.DetachFromDisposeScope(), hasBackground);

    public IReadOnlyList<string> Names { get; }
    public Tensor Features { get; }
    public bool HasBackground { get; }

    /// <summary>Words whose longer sentences the model cannot read; the others stand for them.</summary>
    public IReadOnlyList<LeftOutTemplates> LeftOut { get; private init; } = [];

    /// <summary>Words of the names that the model has hardly learnt: their scores say little.</summary>
    public IReadOnlyList<string> Unknown { get; private init; } = [];

    /// <summary>The label of a row: 0 for the background, k+1 for class k.</summary>
    public int Label(int row) => HasBackground ? row : row + 1;

    /// <param name="classes">Names without the background's: class k gets label k+1.</param>
    /// <exception cref="ArgumentException">No class, more than label maps hold, an empty name, or one given twice: says which.</exception>
    /// <exception cref="TextTooLongException">A word is too long for the model with every template: names the word.</exception>
    public static ClassTexts Encode(ITextSupervisedModel model, IReadOnlyList<string> classes, ZeroShotOptions options,
        CancellationToken cancellation = default)
    {
        if (ClassSet.Fault(classes) is { } fault)
            throw new ArgumentException(fault, nameof(classes));
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        IReadOnlyList<string> names = options.Background.Length > 0 ? [options.Background, .. classes] : classes;
        var leftOut = new List<LeftOutTemplates>();
        var features = names.Select(name =>
        {
            var sentences = Words(name, options).SelectMany(word => Sentences(word, options, model, leftOut)).Chunk(SentencesAtOnce).Select(some =>
            {
                cancellation.ThrowIfCancellationRequested();
                return model.Texts(some);
            });
            return functional.normalize(cat([.. sentences]).mean([0]), dim: 0);
        }).ToList();
        return new(names, stack(features), options.Background.Length > 0)
        {
            LeftOut = leftOut,
            Unknown = [.. classes.SelectMany(name => Words(name, options)).SelectMany(model.UnknownWords).Distinct()],
        };
    }

    public void Dispose() => Features.Dispose();

    private static IEnumerable<string> Words(string name, ZeroShotOptions options) =>
        (options.ClassWords.TryGetValue(name, out var words) && words.Count > 0 ? words : [name]).Select(word => word.Trim());

    /// <summary>A template that leaves a word too little room says no more of it than the others do: it is left out.</summary>
    private static List<string> Sentences(string word, ZeroShotOptions options, ITextSupervisedModel model, List<LeftOutTemplates> leftOut)
    {
        var all = options.Sentences.Select(template => template.Replace("{}", word, StringComparison.Ordinal)).ToList();
        if (model.LongestText is not { } longest)
            return all;
        var fitting = all.FindAll(sentence => model.Tokens(sentence) <= longest);
        if (fitting.Count == 0)
            throw TextTooLongException.OfWord(word, all.Count, all.Min(model.Tokens), longest);
        if (fitting.Count < all.Count)
            leftOut.Add(new(word, all.Count - fitting.Count, all.Count));
        return fitting;
    }
}

/// <param name="Count">Templates that are too long for the model with this word.</param>
/// <param name="Of">Templates in all.</param>
public sealed record LeftOutTemplates(string Word, int Count, int Of)
{
    /// <summary>A sentence for people; empty where nothing was left out.</summary>
    public static string Describe(IReadOnlyList<LeftOutTemplates> leftOut) => leftOut.Count == 0
        ? ""
        : $"Some templates are too long for the model with some words, and were left out: "
            + $"{string.Join(", ", leftOut.Select(left => $"{left.Count} of {left.Of} for '{left.Word}'"))}.";
}
