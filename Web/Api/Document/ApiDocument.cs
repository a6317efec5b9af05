namespace Dashboard.Web.Api.Document;

/// <summary>The API's OpenAPI document, made of the addresses themselves: <c>/openapi/v1.json</c>, and the page <c>/api</c> for people.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";
    public const string Address = $"/openapi/{Name}.json";

    private const string Description = """
        Errors are problem details (RFC 7807): a title, and a detail that says what to do. Where the dashboard can be reached from other
        machines, programs send its token as Authorization: Bearer TOKEN. Live events of runs come from the SignalR hub /hubs/runs.
        """;

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, document =>
    {
        document.ShouldInclude = address => address.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        document.AddOperationTransformer(AddressParameters.WriteAsync);
        document.AddSchemaTransformer(HonestSchemas.WriteAsync);
        document.AddDocumentTransformer((whole, _, _) =>
        {
            whole.Info = new() { Title = "Dashboard", Version = Name, Description = Description.ReplaceLineEndings(" ").Trim() };
            // Where it is served is where it was fetched from, whatever name or proxy that went through.
            whole.Servers = [];
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json");
}
