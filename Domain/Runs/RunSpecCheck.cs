using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dashboard.Domain.Runs;

/// <summary>Holds a spec that was read from a file against what a spec may be.</summary>
public static class RunSpecCheck
{
    /// <summary>Levels of options; with what the index and the API write around them they must stay below the 64 that JSON is read with.</summary>
    private const int Deepest = 16;

    /// <returns>A clause that names the field; null where all is well.</returns>
    public static string? Fault(RunSpec spec) => spec switch
    {
        { Method.Length: 0 } => "its method is empty",
        { Dataset.Length: 0 } => "its dataset is empty",
        { Device.Length: 0 } => "its device is empty",
        { Seed: < 0 } => $"its seed, {spec.Seed}, is negative",
        _ when RunEventCheck.TimeFault(spec.Created) is { } fault => $"its time of creation {fault}",
        _ when spec.Inputs.FirstOrDefault(input => string.IsNullOrEmpty(input.Value)).Key is { } role => $"its inputs name no run as {role}",
        _ => OptionsFault(spec.Options),
    };

    /// <summary>A JSON object is parsed when it is first read: here, and not when the run is shown.</summary>
    private static string? OptionsFault(JsonObject options)
    {
        try
        {
            return Visit(options, 0) ? null : $"its options are nested more than {Deepest} levels deep";
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException or JsonException)
        {
            return $"its options cannot be read: {error.Message}";
        }
    }

    private static bool Visit(JsonNode? node, int depth) => depth <= Deepest && node switch
    {
        JsonObject fields => fields.All(field => Visit(field.Value, depth + 1)),
        JsonArray values => values.All(value => Visit(value, depth + 1)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>() is not null,
        _ => true,
    };
}
