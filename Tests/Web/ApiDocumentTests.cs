using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Web.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Web;

/// <summary>What <c>/openapi/v1.json</c> says of the API, against the API.</summary>
public sealed partial class ApiDocumentTests : IAsyncLifetime
{
    private readonly DataFolder _data = new(Directory.CreateTempSubdirectory("dashboard-api-").FullName);
    private readonly HttpClient _client = new();
    private WebApplication _app = null!;
    private JsonObject _document = null!;

    public async Task InitializeAsync()
    {
        _app = DashboardServer.Build(_data, "http://127.0.0.1:0");
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.Single());
        _document = (await GetAsync("/openapi/v1.json")).AsObject();
    }

    [Fact]
    public void Document_EveryAddress_HasSummaryAnswersAndMeaningsOfItsParameters()
    {
        var mapped = _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method =>
                (Path: Constraint().Replace(endpoint.RoutePattern.RawText!, "{$1}"), Method: method.ToLowerInvariant())))
            .ToList();
        Assert.True(mapped.Count > 30, $"Only {mapped.Count} addresses are mapped.");

        foreach (var (path, method) in mapped)
        {
            var address = _document["paths"]![path]?[method];
            Assert.True(address is not null, $"{method} {path} is not in the document.");
            Assert.False(string.IsNullOrWhiteSpace(address["summary"]?.GetValue<string>()), $"{method} {path} has no summary.");
            var answers = address["responses"]!.AsObject();
            Assert.Contains(answers, answer => answer.Key.StartsWith('2'));
            Assert.Contains(answers, answer => answer.Key.StartsWith('4') && answer.Value!["content"]!["application/problem+json"] is not null);
            var names = Placeholder().Matches(path).Select(match => match.Groups[1].Value);
            var parameters = address["parameters"]?.AsArray() ?? [];
            Assert.All(
                parameters,
                parameter => Assert.False(string.IsNullOrWhiteSpace(parameter!["description"]?.GetValue<string>()), $"{method} {path}: {parameter}"));
            Assert.All(names, name => Assert.Contains(
                parameters,
                parameter => parameter!["name"]!.GetValue<string>() == name && parameter["in"]!.GetValue<string>() == "path"));
        }
    }

    [Theory]
    [InlineData("/api/methods/{name}", "/api/methods/cam")]
    [InlineData("/api/methods", "/api/methods")]
    [InlineData("/api/models", "/api/models")]
    [InlineData("/api/datasets", "/api/datasets")]
    [InlineData("/api/leaderboard", "/api/leaderboard")]
    public async Task Document_OfAnAnswer_NamesAllThatItHolds(string path, string address)
    {
        var schema = _document["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;

        Assert.Empty(Differences(schema, await GetAsync(address), address));
    }

    /// <summary>What an answer holds beside its schema, and what it lacks.</summary>
    private IEnumerable<string> Differences(JsonNode schema, JsonNode? value, string place)
    {
        // Null or a type.
        schema = schema["oneOf"]?.AsArray()[^1] ?? schema;
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            schema = _document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        if (schema is JsonObject { Count: 0 })
            return []; // Anything: an option's default is of the option's type.
        if (value is JsonArray list)
            return schema["items"] is { } items ? list.SelectMany((item, i) => Differences(items, item, $"{place}[{i}]")) : [$"{place} is a list."];
        if (value is not JsonObject fields || schema["properties"] is not JsonObject known)
            return [];
        var missing = (schema["required"]?.AsArray() ?? [])
            .Select(name => name!.GetValue<string>())
            .Where(name => !fields.ContainsKey(name))
            .Select(name => $"{place} lacks {name}.");
        return missing.Concat(fields.SelectMany(field => known[field.Key] is { } type
            ? Differences(type, field.Value, $"{place}.{field.Key}")
            : [$"{place}.{field.Key} is not in the document."]));
    }

    private async Task<JsonNode> GetAsync(string address) => JsonNode.Parse(await _client.GetStringAsync(address))!;

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_data.Path, recursive: true);
    }

    [GeneratedRegex(@"\{\**(\w+)(:\w+)?\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
