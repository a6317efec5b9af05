using Dashboard.Backend.Text;

namespace Dashboard.Tests.Text;

/// <summary>A handful of merges, from which "the cat" is two tokens.</summary>
internal static class SmallVocabulary
{
    public static IReadOnlyList<(string Left, string Right)> Merges { get; } =
        [("a", "t</w>"), ("t", "h"), ("th", "e</w>"), ("c", "at</w>"), ("a", "a")];

    public static ClipVocabulary Vocabulary { get; } = ClipVocabulary.FromMerges(Merges);

    /// <summary>The first merge's id; ids below are bytes, and bytes at the end of a word.</summary>
    public const long FirstMerge = 512;
}
