using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace Dashboard.Web.Api.Document;

/// <summary>
/// Writes into the document what parameters and form fields mean, and those that ASP.NET does not see because a handler reads them by itself.
/// </summary>
internal static class AddressParameters
{
    public static Task WriteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var parameters = operation.Parameters ??= [];
        foreach (var name in PathParameters(context.Description.RelativePath!).Where(name => !parameters.Any(known => known.Name == name)))
            parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = Text() });
        foreach (var meaning in metadata.OfType<Meaning>())
            parameters.OfType<OpenApiParameter>().Single(parameter => parameter.Name == meaning.Name).Description = meaning.Text;
        if (metadata.OfType<FormFields>().SingleOrDefault() is { } form)
            operation.RequestBody = Body(form);
        return Task.CompletedTask;
    }

    private static IEnumerable<string> PathParameters(string path) => RoutePatternFactory.Parse(path).Parameters.Select(parameter => parameter.Name);

    private static OpenApiRequestBody Body(FormFields form)
    {
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = form.File.Text };
        var fields = new Dictionary<string, IOpenApiSchema> { [form.File.Name] = file };
        foreach (var field in form.Texts)
            fields[field.Name] = Text(field.Text);
        var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = fields };
        return new() { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new() { Schema = schema } } };
    }

    private static OpenApiSchema Text(string? meaning = null) => new() { Type = JsonSchemaType.String, Description = meaning };
}
