using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dashboard.Domain.Runs;

/// <summary>Holds a spec that was read from a file against what a spec may be.</summary>
public static class RunSpecCheck
{
    /// <returns>A clause that names the field; null where all is well.</returns>
    public static string? Fault(RunSpec spec) => spec switch
    {
        { Method.Length: 0 } => "its method is empty",
        { Dataset.Length: 0 } => "its dataset is empty",
        { Device.Length: 0 } => "its device is empty",
        { Seed: < 0 } => $"its seed, {spec.Seed}, is negative",
        _ when RunEventCheck.TimeFault(spec.Created) is { } fault => $"its time of creation {fault}",
        _ when spec.Inputs.FirstOrDefault(input => string.IsNullOrEmpty(input.Value)).Key is { } role => $"its input {role} names no run",
        _ => OptionsFault(spec.Options),
    };

    /// <summary>A JSON object is parsed when it is first asked: here, and not by whoever shows the run.</summary>
    private static string? OptionsFault(JsonObject options)
    {
        try
        {
            Visit(options);
            return null;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException or JsonException)
        {
            return $"its options cannot be read: {error.Message}";
        }
    }

    private static void Visit(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (_, value) in fields)
                    Visit(value);
                break;
            case JsonArray values:
                foreach (var value in values)
                    Visit(value);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                value.GetValue<string>();
                break;
        }
    }
}
