using Microsoft.OpenApi;

namespace Dashboard.Web.Components.Pages.ApiReference;

/// <summary>A type of the document in a few words.</summary>
/// <param name="Before">In front of the name of the type, such as "list of ".</param>
/// <param name="Type">The name of a type that the page shows; null where <paramref name="Before"/> says all.</param>
public sealed record SchemaText(string Before, string? Type = null)
{
    public static string Anchor(string type) => $"type-{type}";

    /// <summary>Whether it says more than a type's name does.</summary>
    public static bool IsWorthReading(IOpenApiSchema schema) =>
        schema.Properties is { Count: > 0 } || schema.Enum is { Count: > 0 } || schema.AnyOf is { Count: > 0 };

    public static SchemaText Of(IOpenApiSchema? schema) => schema switch
    {
        null => new("anything"),
        OpenApiSchemaReference { Reference.Id: { } name } reference => IsWorthReading(reference) ? new("", name) : Plain(reference),
        { Items: { } items } => Behind("list of ", Of(items)),
        { OneOf: [var one] } => Of(one),
        { OneOf: { Count: > 0 } several } when several.FirstOrDefault(one => one.Type != JsonSchemaType.Null) is { } one => Of(one),
        { AdditionalProperties: { } values } => Behind("object; its values: ", Of(values)),
        _ => Plain(schema),
    };

    private static SchemaText Behind(string before, SchemaText text) => text with { Before = before + text.Before };

    private static SchemaText Plain(IOpenApiSchema schema) => new(schema switch
    {
        { Enum: { Count: > 0 } values } => string.Join(", ", values.Select(value => value.ToString())),
        { AnyOf: { Count: > 0 } } => schema.AnyOf.Any(one => one.Type == JsonSchemaType.Null) ? "number or null" : "number",
        { Format: "binary" } => "file",
        { Format: "byte" } => "base64",
        { Format: "date-time" } => "time",
        _ => (schema.Type & ~JsonSchemaType.Null) switch
        {
            JsonSchemaType.String => "text",
            JsonSchemaType.Integer => "whole number",
            JsonSchemaType.Number => "number",
            JsonSchemaType.Boolean => "true or false",
            JsonSchemaType.Object => "object",
            JsonSchemaType.Array => "list",
            _ => "anything",
        },
    });
}
