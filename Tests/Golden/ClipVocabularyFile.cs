namespace Dashboard.Tests.Golden;

/// <summary>
/// CLIP's vocabulary, <c>bpe_simple_vocab_16e6.txt.gz</c> of github.com/openai/CLIP. It is not in this repository: tests that need it look where
/// DASHBOARD_CLIP_VOCABULARY points and, for golden cases, beside their case.json; where it is in neither place they are skipped.
/// </summary>
public static class ClipVocabularyFile
{
    public const string Variable = "DASHBOARD_CLIP_VOCABULARY";
    public const string HowToGet =
        $"CLIP's vocabulary is not here. Set {Variable} to the path of bpe_simple_vocab_16e6.txt.gz (github.com/openai/CLIP, clip/).";

    private const string Name = "bpe_simple_vocab_16e6.txt.gz";

    public static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;

    public static string? For(GoldenCase golden) =>
        Given ?? (File.Exists(Path.Combine(golden.Folder, Name)) ? Path.Combine(golden.Folder, Name) : null);
}

/// <summary>A test that is skipped, visibly, where CLIP's vocabulary is not given.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClipVocabularyFactAttribute : FactAttribute
{
    public ClipVocabularyFactAttribute() => Skip = ClipVocabularyFile.Given is null ? ClipVocabularyFile.HowToGet : null;
}
