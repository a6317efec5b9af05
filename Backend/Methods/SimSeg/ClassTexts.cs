using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Classes and their text features t_c. They are the same for all images, so they are computed once.</summary>
public sealed class ClassTexts : IDisposable
{
    /// <summary>Sentences of a class that go through the model at once. A class's are a batch of their own, as in the authors' code, whose pooling looks at the batch's shortest.</summary>
    private const int SentencesAtOnce = 256;

    /// <param name="names">One a row; the background's first where it competes.</param>
    /// <param name="features">t_c, of length one, <c>[C, D]</c>; taken over.</param>
    /// <param name="hasBackground">Whether the first row is the background's.</param>
    public ClassTexts(IReadOnlyList<string> names, Tensor features, bool hasBackground) =>
        (Names, Features, HasBackground) = (names, features.DetachFromDisposeScope(), hasBackground);

    public IReadOnlyList<string> Names { get; }
    public Tensor Features { get; }
    public bool HasBackground { get; }

    /// <summary>The label of a row: 0 for the background, k+1 for class k.</summary>
    public int Label(int row) => HasBackground ? row : row + 1;

    /// <param name="classes">Names without the background's: class k gets label k+1.</param>
    /// <exception cref="ArgumentException">No class, more than label maps hold, an empty name, or one given twice: says which.</exception>
    /// <exception cref="Text.TextTooLongException">A name is too long for the model.</exception>
    public static ClassTexts Encode(ITextSupervisedModel model, IReadOnlyList<string> classes, ZeroShotOptions options, CancellationToken cancellation = default)
    {
        if (ClassSet.Fault(classes) is { } fault)
            throw new ArgumentException(fault, nameof(classes));
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        IReadOnlyList<string> names = options.Background.Length > 0 ? [options.Background, .. classes] : classes;
        var features = names.Select(name =>
        {
            var sentences = Sentences(name, options).Chunk(SentencesAtOnce).Select(some =>
            {
                cancellation.ThrowIfCancellationRequested();
                return model.Texts(some);
            });
            return functional.normalize(cat([.. sentences]).mean([0]), dim: 0);
        }).ToList();
        return new(names, stack(features), options.Background.Length > 0);
    }

    public void Dispose() => Features.Dispose();

    private static IEnumerable<string> Sentences(string name, ZeroShotOptions options) =>
        from word in options.ClassWords.TryGetValue(name, out var words) && words.Count > 0 ? words : [name]
        from template in options.Sentences
        select template.Replace("{}", word.Trim(), StringComparison.Ordinal);
}
