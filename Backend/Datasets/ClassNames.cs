using System.Text.RegularExpressions;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Text;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets;

/// <summary>
/// Class names as a user has written them. What may be read as another name, or as no class, is refused: the numbers of a class are no use under
/// another's name.
/// </summary>
internal static partial class ClassNames
{
    /// <summary>The classes of these very names: class k is the k-th of them.</summary>
    /// <param name="file">Where the names stand.</param>
    /// <exception cref="DatasetException">There are none or too many, or one of them cannot be a class: names it, and says what to do.</exception>
    public static ClassSet Require(IReadOnlyList<string?> names, string file)
    {
        string[] classes = [.. names.Select(Tidy)];
        if (classes.Length is 0 or > ClassSet.Most)
            throw new DatasetException($"{file} names {classes.Length} classes. Name 1 to {ClassSet.Most}.");
        RequireSound(classes, file);
        return new(classes);
    }

    /// <summary>
    /// The classes of a list in label order. Where it begins with the background, as the lists of mmseg and labelme do, that is label 0 and the next
    /// name label 1: every reader of the masks would otherwise be off by one.
    /// </summary>
    /// <param name="note">Told what a reader should know of how they were read.</param>
    /// <inheritdoc cref="Require"/>
    public static ClassSet OfLabels(IReadOnlyList<string?> names, string file, Action<string>? note = null)
    {
        string[] tidy = [.. names.Select(Tidy)];
        var first = tidy switch
        {
            [var background, ..] when ClassName.IsBackground(background) => 1,
            // labelme's list: -1 is ignored, 0 the background.
            [var ignore, var background, ..] when ClassName.IsUndecided(ignore) && ClassName.IsBackground(background) => 2,
            _ => 0,
        };
        var classes = Require(tidy[first..], file);
        if (first > 0)
            note?.Invoke($"{file} begins with '{tidy[first - 1]}', which is label 0; label 1 is '{classes.Names[0]}'.");
        return classes;
    }

    /// <summary>The names of a file with one class a line.</summary>
    /// <exception cref="DatasetException">As of <see cref="Require"/>, or the file cannot be read.</exception>
    public static ClassSet Read(string path, Action<string>? note = null)
    {
        try
        {
            var lines = BoundedText.Lines(path, "a list of classes", MostBytes).Take(MostLines).Select(line => line.Trim()).ToList();
            while (lines.Count > 0 && lines[^1].Length == 0)
                lines.RemoveAt(lines.Count - 1);
            if (lines is [{ } only] && only.Contains(','))
                throw new DatasetException($"{path} has one line with commas: '{only}'. Write one class a line, in label order.");
            if (lines.Count > 1 && lines.All(line => Numbered().IsMatch(line)))
                throw new DatasetException(
                    $"{path} has a number before every class: '{lines[0]}'. Write the names alone, one a line, in label order.");
            return OfLabels(lines, path, note);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, path, "Write one class a line, in label order.");
        }
    }

    /// <summary>As names are kept and compared.</summary>
    public static string Tidy(string? name) => AccentComposition.Compose(ClassName.Tidy(name));

    /// <summary>0-based numbers by name, in any letter case.</summary>
    public static IReadOnlyDictionary<string, int> Numbers(IReadOnlyList<string> classes) =>
        classes.Select((name, number) => KeyValuePair.Create(name, number))
            .DistinctBy(pair => pair.Key, ClassName.Comparer)
            .ToDictionary(ClassName.Comparer);

    private const long MostBytes = 1 << 20;

    /// <summary>More than there can be classes; the message then gives their number.</summary>
    private const int MostLines = 10_000;

    private static void RequireSound(string[] classes, string file)
    {
        for (var k = 0; k < classes.Length; k++)
        {
            var name = classes[k];
            if (ClassName.Fault(name) is { } fault)
                throw new DatasetException($"{file}: class {k + 1} of {classes.Length} {fault}. Correct or delete it.");
            if (ClassName.IsBackground(name))
                throw new DatasetException(
                    $"{file} names '{name}' as class {k + 1}, but label 0 is the background. Delete it, or put it first in a list of all labels.");
            if (ClassName.IsUndecided(name))
                throw new DatasetException(
                    $"{file} names the class '{name}'. Pixels of no class have label 255 in the masks, and no name: delete it, and write 255 for "
                    + "its label. If it is a class, give it another name.");
            if (Array.FindIndex(classes, 0, k, other => ClassName.Comparer.Equals(other, name)) is var twin and >= 0)
                throw new DatasetException(
                    $"{file} names the class '{name}' twice{(classes[twin] == name ? "" : $", also as '{classes[twin]}'")}. Name every class once.");
        }
    }

    [GeneratedRegex(@"^\d+\s*[:.,;\s]\s*\S")]
    private static partial Regex Numbered();
}
