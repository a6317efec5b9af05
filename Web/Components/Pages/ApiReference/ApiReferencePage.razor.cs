using Dashboard.Backend.Runs.Database;
using Dashboard.Web.Api.Document;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dashboard.Web.Components.Pages.ApiReference;

/// <summary>The API's document for people: every address with its parameters and answers, and every type.</summary>
public sealed partial class ApiReferencePage(
    [FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider documents, NavigationManager navigation, ILogger<ApiReferencePage> logger)
{
    private OpenApiDocument? _document;
    private IReadOnlyList<IGrouping<string, ApiAddress>> _groups = [];
    private IReadOnlyList<KeyValuePair<string, IOpenApiSchema>> _types = [];
    private string? _problem;

    private NavigationManager Navigation => navigation;

    protected override async Task OnInitializedAsync()
    {
        try
        {
            // Takes a moment when it is asked for the first time: not on the circuit's thread.
            var document = await Task.Run(() => documents.GetOpenApiDocumentAsync());
            _groups = [.. ApiAddress.All(document).GroupBy(address => address.Group)];
            _types =
            [
                .. (document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
                    .Where(type => SchemaText.IsWorthReading(type.Value))
                    .OrderBy(type => type.Key, StringComparer.Ordinal),
            ];
            _document = document;
        }
        catch (Exception error) when (error is InvalidOperationException or NotSupportedException or ArgumentException)
        {
            logger.LogError(error, "The description of the API could not be made: {Reason}", error.Message);
            _problem = "The description of the API could not be made. This is a fault of the dashboard; "
                + "its log, logs/dashboard.log in the data folder, has the details.";
        }
    }
}
