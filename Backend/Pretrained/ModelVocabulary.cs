using Dashboard.Backend.Text;

namespace Dashboard.Backend.Pretrained;

/// <summary>Finds the vocabulary that belongs to a checkpoint.</summary>
/// <param name="files">Under which names it lies beside a checkpoint.</param>
/// <param name="size">Opens a vocabulary and counts its symbols.</param>
internal sealed class ModelVocabulary(string wanted, IReadOnlyList<string> files, Func<string, int> size)
{
    public static ModelVocabulary Clip { get; } = new(
        "CLIP's bpe_simple_vocab_16e6.txt.gz, or vocab.json and merges.txt",
        ["bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt", "merges.txt"],
        path => ClipVocabulary.Open(path).Size);

    public static ModelVocabulary Bert { get; } =
        new("the vocab.txt of bert-base-uncased", ["vocab.txt"], path => WordPieceVocabulary.Open(path).Size);

    /// <summary>For people: which file it is.</summary>
    private string Wanted => wanted;

    /// <summary>The vocabulary of a model that is to read texts.</summary>
    /// <param name="option">What names the model; null where it is asked by its own name.</param>
    /// <exception cref="ModelException">It has none: says what to do.</exception>
    public static string Required(PretrainedModel source, string? option = null) => source.Vocabulary
        ?? throw new ModelException(
            $"{option ?? source.Name}: there is no vocabulary beside {source.Path}. Add the model with one: "
            + $"{(source.Kind == PretrainedModel.SimSeg ? Bert : Clip).Wanted}.");

    /// <param name="given">A file or folder; null to look beside the checkpoint.</param>
    /// <param name="symbols">The model's number of them.</param>
    /// <returns>The vocabulary's path; null where none lies beside the checkpoint.</returns>
    /// <exception cref="ModelException">It is not there, no vocabulary, or of another size than the model's.</exception>
    public string? For(string checkpoint, string? given, int symbols)
    {
        if (given is not null)
            return Refuse(given, symbols) is { } fault ? throw new ModelException(fault) : given;
        string? first = null;
        foreach (var candidate in Beside(checkpoint))
        {
            if (Refuse(candidate, symbols) is not { } fault)
                return candidate;
            first ??= fault;
        }
        return first is null ? null : throw new ModelException(first);
    }

    private IEnumerable<string> Beside(string checkpoint)
    {
        var folder = Directory.Exists(checkpoint) ? checkpoint : Path.GetDirectoryName(Path.GetFullPath(checkpoint))!;
        if (this == Clip && File.Exists(Path.Combine(folder, "vocab.json")) && File.Exists(Path.Combine(folder, "merges.txt")))
            yield return folder;
        foreach (var file in files.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            yield return file;
    }

    private string? Refuse(string path, int symbols)
    {
        try
        {
            var found = size(path);
            return found == symbols
                ? null
                : $"The vocabulary {path} has {found} symbols, but the model has {symbols}. Name the one that the model was trained with "
                    + $"(--vocabulary): {Wanted}.";
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return $"The vocabulary {path} cannot be read: {error.Message}";
        }
    }
}
