using System.Globalization;

namespace Dashboard.Domain.Datasets;

/// <summary>What a class may be called. Names are compared without letter case: people write "Cat" and "cat" and mean one class.</summary>
public static class ClassName
{
    /// <summary>Characters: a class is named, not described.</summary>
    public const int Longest = 100;

    // Joins letters in Persian and Indian scripts, and parts of an emoji.
    private const char ZeroWidthNonJoiner = '\u200C';
    private const char ZeroWidthJoiner = '\u200D';
    private const char LostCharacter = '\uFFFD';

    /// <summary>How names are compared.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    /// <summary>Without space around it, and with one space where there are several.</summary>
    public static string Tidy(string? name) => string.Join(' ', (name ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether it means label 0, which every data set has: "background", "_background_" as labelme writes it.</summary>
    public static bool IsBackground(string name) => Letters(name) is "background" or "bg";

    /// <summary>Whether it means pixels that belong to no class, label 255: "void", "__ignore__", "unlabeled".</summary>
    public static bool IsUndecided(string name) => Letters(name) is "void" or "ignore" or "ignored" or "unlabeled" or "unlabelled" or "dontcare";

    /// <returns>Null where a class can have the name; otherwise what is wrong, after "the class": "has no name".</returns>
    public static string? Fault(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "has no name";
        if (name.Length > Longest)
            return $"'{name[..20]}...' has a name of {name.Length:N0} characters; at most {Longest} are read";
        if (name.Contains(LostCharacter))
            return $"'{name}' has a character that another encoding has lost (U+FFFD)";
        return name.Where(IsInvisible).Select(character => (char?)character).FirstOrDefault() is { } invisible
            ? $"'{name.Replace(invisible, '?')}' has a character that cannot be seen (U+{(int)invisible:X4})"
            : null;
    }

    private static bool IsInvisible(char character) =>
        char.IsControl(character)
            || (char.GetUnicodeCategory(character) is UnicodeCategory.Format && character is not (ZeroWidthJoiner or ZeroWidthNonJoiner));

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetter)).ToLowerInvariant();
}
