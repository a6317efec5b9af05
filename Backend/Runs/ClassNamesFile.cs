using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>
/// <c>classes.json</c> of a run folder: what the labels in its label maps mean. Its data set may lie where pages may not look, or be gone.
/// </summary>
public static class ClassNamesFile
{
    /// <summary>Bytes: 254 names, each as long as a sentence.</summary>
    private const int Longest = 1 << 16;

    /// <param name="names">By label, background first.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public static void Write(RunFolder folder, IReadOnlyList<string> names) =>
        WholeFile.Write(PathIn(folder), file => JsonSerializer.Serialize(file, names, RunJson.Line));

    /// <returns>By label, background first; empty where the file is missing or cannot be read.</returns>
    public static IReadOnlyList<string> Read(RunFolder folder)
    {
        if (!File.Exists(PathIn(folder)))
            return [];
        try
        {
            return JsonSerializer.Deserialize<string[]>(SmallFile.Read(PathIn(folder), Longest), RunJson.Strict) is { } names
                && names.All(name => name is not null)
                    ? names
                    : [];
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string PathIn(RunFolder folder) => folder.File("classes.json");
}
