using Dashboard.Backend.Text;

namespace Dashboard.Backend.Pretrained;

/// <summary>Finds the vocabulary that belongs to a checkpoint.</summary>
internal static class ModelVocabulary
{
    private const string Wanted = "CLIP's bpe_simple_vocab_16e6.txt.gz, or vocab.json and merges.txt";

    private static readonly string[] Files = ["bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt", "merges.txt"];

    /// <param name="given">A file or folder; null to look beside the checkpoint.</param>
    /// <param name="size">The model's number of symbols.</param>
    /// <returns>The vocabulary's path; null where none lies beside the checkpoint.</returns>
    /// <exception cref="ModelException">It is not there, no vocabulary, or of another size than the model's.</exception>
    public static string? For(string checkpoint, string? given, int size)
    {
        if (given is not null)
            return Refuse(given, size) is { } fault ? throw new ModelException(fault) : given;
        string? first = null;
        foreach (var candidate in Beside(checkpoint))
        {
            if (Refuse(candidate, size) is not { } fault)
                return candidate;
            first ??= fault;
        }
        return first is null ? null : throw new ModelException(first);
    }

    private static IEnumerable<string> Beside(string checkpoint)
    {
        var folder = Directory.Exists(checkpoint) ? checkpoint : Path.GetDirectoryName(Path.GetFullPath(checkpoint))!;
        if (File.Exists(Path.Combine(folder, "vocab.json")) && File.Exists(Path.Combine(folder, "merges.txt")))
            yield return folder;
        foreach (var file in Files.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            yield return file;
    }

    private static string? Refuse(string path, int size)
    {
        try
        {
            var found = ClipVocabulary.Open(path).Size;
            return found == size ? null : $"The vocabulary {path} has {found} symbols, the model {size}. Name the one that the model was trained with (--vocabulary): {Wanted}.";
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return $"The vocabulary {path} cannot be read: {error.Message}";
        }
    }
}
