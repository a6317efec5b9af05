using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dashboard.Domain.Runs;

/// <summary>What is wrong with a JSON text, for people: the library speaks of types and annotations.</summary>
public static partial class JsonFault
{
    /// <returns>A clause without a full stop: "it lacks 'values'".</returns>
    public static string Of(JsonException error) => error switch
    {
        _ when Missing().Match(error.Message) is { Success: true } missing => $"it lacks {missing.Groups[1].Value}",
        { Path: { Length: > 2 } path } => $"its {path[2..]} is null or of the wrong type{Place(error)}",
        _ => $"it is not valid JSON{Place(error)}: {error.Message.Split(" Path: ")[0].TrimEnd('.')}",
    };

    private static string Place(JsonException error) =>
        error is { LineNumber: { } line, BytePositionInLine: { } column }
            ? line == 0
            ? $" (byte {column})"
            : $" (line {line + 1}, byte {column})"
            : "";

    [GeneratedRegex(@"missing required properties including: (.*?)\.( |$)")]
    private static partial Regex Missing();
}
