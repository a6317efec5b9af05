using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Dashboard.Web.Api.Requests;

/// <summary>Reads a JSON object in which no name occurs twice, in any spelling: with two values it is unclear which was meant.</summary>
internal sealed class UniqueNames : JsonConverter<JsonObject>
{
    public override JsonObject? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return Read(document.RootElement, options);
    }

    /// <exception cref="JsonException">A name occurs twice, a text is not valid, or it is not an object.</exception>
    public static JsonObject? Read(JsonElement element, JsonSerializerOptions options)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            throw new JsonException("It is not a JSON object.");
        try
        {
            if (Twice(element) is { } name)
                throw new JsonException($"Duplicate property '{Shown.Text(name)}'.");
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("A text in it ends in half of a character (a lone surrogate).");
        }
        return JsonObject.Create(element.Clone(), new JsonNodeOptions { PropertyNameCaseInsensitive = options.PropertyNameCaseInsensitive });
    }

    public override void Write(Utf8JsonWriter writer, JsonObject value, JsonSerializerOptions options) => value.WriteTo(writer, options);

    private static string? Twice(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().Select(Twice).FirstOrDefault(name => name is not null);
        if (element.ValueKind != JsonValueKind.Object)
        {
            // Texts are decoded late: one that cannot be decoded is refused here.
            _ = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
            return null;
        }
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in element.EnumerateObject())
            if (!seen.Add(property.Name))
                return property.Name;
            else if (Twice(property.Value) is { } name)
                return name;
        return null;
    }
}
