using Microsoft.OpenApi;

namespace Dashboard.Web.Components.Pages.ApiReference;

/// <summary>One address and what it is asked by.</summary>
/// <param name="Method">GET, POST or DELETE.</param>
public sealed record ApiAddress(string Method, string Path, OpenApiOperation Operation)
{
    public string Group => Operation.Tags?.FirstOrDefault()?.Name ?? "Other";

    /// <summary>Where the page shows it: "get-runs-id".</summary>
    public string Anchor =>
        string.Join('-', [Method.ToLowerInvariant(), .. Path.Split(['/', '{', '}', '.'], StringSplitOptions.RemoveEmptyEntries).Skip(1)]);

    public string Link => $"api#{Anchor}";

    /// <summary>Whether a browser can open it as it is.</summary>
    public bool CanBeOpened => Method == "GET" && Operation.Parameters?.Any(parameter => parameter.Required) != true;

    /// <summary>In the order in which they were mapped.</summary>
    public static IEnumerable<ApiAddress> All(OpenApiDocument document) => document.Paths.SelectMany(path =>
        (path.Value.Operations ?? []).Select(operation => new ApiAddress(operation.Key.Method, path.Key, operation.Value)));
}
