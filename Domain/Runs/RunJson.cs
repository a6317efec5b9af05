using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Dashboard.Domain.Runs;

/// <summary>How specs, events and API answers are written: camel case, enums by name, NaN and infinities as strings.</summary>
public static class RunJson
{
    /// <summary>One object on one line, as in <c>events.jsonl</c>.</summary>
    public static JsonSerializerOptions Line { get; } = Create(indented: false);

    /// <summary>For people, as in <c>spec.json</c>.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>
    /// For what is read from a run folder, which a bad disk, another program or an editor may have changed: what is missing, or null where the type
    /// does not allow it, is a <see cref="JsonException"/> instead of a surprise later on.
    /// </summary>
    public static JsonSerializerOptions Strict { get; } = new(Create(indented: false))
    {
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(RequireWhatMayNotBeNull),
    };

    /// <summary>
    /// Null is not written (<see cref="JsonIgnoreCondition.WhenWritingNull"/>): what may be null may be missing, all else must be there.
    /// </summary>
    private static void RequireWhatMayNotBeNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            if (property.AssociatedParameter is { IsNullable: false, HasDefaultValue: false })
                property.IsRequired = true;
    }

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
