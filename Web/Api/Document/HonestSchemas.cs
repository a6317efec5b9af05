using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dashboard.Web.Api.Document;

/// <summary>
/// Corrects what ASP.NET derives from the JSON options: null is allowed where a type allows it, not everywhere, and an answer leaves it out; a number
/// of an address is a number, one of an answer may be NaN or infinite, which are written as texts.
/// </summary>
internal static class HonestSchemas
{
    public static Task WriteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken stop)
    {
        if (context.JsonPropertyInfo is { } property && !IsNullable(property))
            schema.Type &= ~JsonSchemaType.Null;
        foreach (var known in context.JsonTypeInfo.Properties.Where(IsNullable))
            schema.Required?.Remove(known.Name);
        if (context.JsonTypeInfo.Type == typeof(JsonObject))
            schema.Type = JsonSchemaType.Object;
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(double) || type == typeof(float))
            WriteNumber(schema, context);
        return Task.CompletedTask;
    }

    private static bool IsNullable(JsonPropertyInfo property) => property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;

    private static void WriteNumber(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (context.ParameterDescription is not null)
        {
            (schema.Type, schema.AnyOf) = (JsonSchemaType.Number, null);
            return;
        }
        schema.Type = null;
        // An entry of a list, which cannot be left out.
        if (context.JsonPropertyInfo is null && Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is not null)
            schema.AnyOf?.Add(new OpenApiSchema { Type = JsonSchemaType.Null });
    }
}
