using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.EndToEnd;
using Dashboard.Web.Server;
using Microsoft.AspNetCore.Routing;

namespace Dashboard.Tests.Web;

/// <summary>Every address of the API, as it is registered, with everything that it does not expect: each is answered, none with 500.</summary>
public sealed class HostileRequestTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Run = "20260101-000000-cam-hostile";

    private static readonly string[] Texts =
    [
        "-1", "0", "1e308", "-1e308", "NaN", "Infinity", "99999999999999999999", "", " ", "null", "true", "..", "../../etc/passwd", "a/b", "%2F",
        "100%", "=1+1", "\n", "\0", "é重🐑", "<script>", "'\"", "maps:x", "truth",
        new('x', 5000),
    ];

    private static readonly string[] Bodies =
    [
        "", " ", "null", "[]", "\"x\"", "1", "{", "{}", "{\"a\":", "\u0000", "{\"method\":null,\"dataset\":null}",
        "{\"method\":\"cam\",\"dataset\":\"cooccurrence\",\"seed\":1e308}",
        "{\"method\":\"cam\",\"dataset\":\"cooccurrence\",\"seed\":\"NaN\"}",
        "{\"method\":\"cam\",\"dataset\":\"cooccurrence\",\"options\":{\"epochs\":1e308,\"learningRate\":\"NaN\",\"seed\":[]}}",
        "{\"method\":\"clims\",\"dataset\":\"cooccurrence\",\"inputs\":{\"baseline\":null}}",
        "{\"method\":\"clims\",\"dataset\":\"cooccurrence\",\"options\":{\"classWords\":{\"a\":null}}}",
        "{\"method\":\"cam\",\"dataset\":\"cooccurrence\",\"options\":{\"trainSplit\":\"\\ud800\"}}", "{\"method\":\"cam\",\"dataset\":\"\\ud800\"}",
        "{\"method\":\"cam\",\"dataset\":\"a\\u0000b\"}",
        "{\"method\":\"cam\",\"dataset\":\"nosuch\",\"options\":{\"epochs\":null,\"\":1,\"checkpoint\":\"/dev/zero\"}}",
        "{\"method\":[],\"dataset\":{}}",
        "{\"name\":null,\"path\":null}", "{\"name\":\"x\",\"path\":\"\"}", "{\"name\":\"x\",\"path\":\"\\u0000\"}",
        "{\"name\":\"x\",\"path\":\"/nowhere\"}", "{\"name\":\"\",\"path\":\"/tmp\"}", "{\"path\":\"/tmp\",\"vocabulary\":\"\"}",
        "{\"method\":\"cam\",\"dataset\":\"nosuch\",\"name\":\"" + new string('n', 100_000) + "\"}", new string('[', 10_000),
    ];

    private static readonly string[] Types =
    [
        "application/json", "application/json; charset=utf-7", "application/json; charset=nosuch", "application/json; charset=utf-16", "text/plain",
        "multipart/form-data", "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=x; charset=nosuch", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7",
        "image/png",
    ];

    [Fact]
    public async Task Api_HostileAddresses_AreAnsweredWithoutAFault()
    {
        using (var run = new FabricatedRun(fixture.Server.Data, Run).Start())
        {
            run.Train(60);
            run.Evaluate();
            File.WriteAllText(run.Folder.WorkerLog, "a\nb\n");
            run.Finish();
        }
        await fixture.UntilFinished(Run);
        var faults = new List<string>();
        foreach (var (method, pattern, query) in Endpoints())
            foreach (var text in Texts)
                foreach (var path in new[] { Fill(pattern, text), Fill(pattern.Replace("{id}", Run, StringComparison.Ordinal), text) }.Distinct())
                {
                    // What deletes or stops the run that the others are to find.
                    if (method != "GET" && path.Contains(Run, StringComparison.Ordinal))
                        continue;
                    using var request = new HttpRequestMessage(new HttpMethod(method),
                        Raw($"{path}?{string.Join('&', query.Select(name => $"{name}={Uri.EscapeDataString(text)}"))}"));
                    Note(await fixture.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), $"{method} {path} with {text}", faults);
                }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Api_HostileBodies_AreAnsweredWithoutAFault()
    {
        var faults = new List<string>();
        foreach (var (method, pattern, _) in Endpoints().Where(endpoint => endpoint.Method is "POST" or "PUT" or "PATCH"))
            foreach (var type in Types)
                foreach (var body in Bodies)
                {
                    using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                    content.Headers.TryAddWithoutValidation("Content-Type", type);
                    using var request = new HttpRequestMessage(new HttpMethod(method), Raw(Fill(pattern, "nosuch"))) { Content = content };
                    Note(await fixture.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead),
                        $"{method} {pattern} with {type} and {body[..Math.Min(80, body.Length)]}", faults);
                }
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("application/json", "{\"method\":null,\"dataset\":\"cooccurrence\"}", HttpStatusCode.BadRequest, "at method: null is not allowed")]
    [InlineData("application/json", "{\"method\":\"cam\",\"dataset\":\"cooccurrence\",\"inputs\":{\"baseline\":null}}", HttpStatusCode.BadRequest,
        "inputs")]
    [InlineData("application/json", "{\"method\":\"cam\",\"dataset\":\"cooccurrence\",\"seed\":1e308}", HttpStatusCode.BadRequest, "seed")]
    [InlineData("application/json", "{\"method\":\"cam\",\"dataset\":\"cooccurrence\",\"options\":{\"learningRate\":\"NaN\"}}",
        HttpStatusCode.BadRequest, "learningRate")]
    [InlineData("application/json", "{\"method\":\"cam\",\"method\":\"clims\",\"dataset\":\"cooccurrence\"}", HttpStatusCode.BadRequest, "method")]
    [InlineData("application/json", "{\"method\":\"cam\",\"dataset\":\"cooccurrence\",\"options\":{\"epochs\":1,\"epochs\":2}}",
        HttpStatusCode.BadRequest, "epochs")]
    [InlineData("application/json", "{\"method\":\"cam\",\"dataset\":\"cooccurrence\",\"options\":{\"epochs\":1,\"Epochs\":2}}",
        HttpStatusCode.BadRequest, "Epochs")]
    [InlineData("application/json", "null", HttpStatusCode.BadRequest, "Send a JSON object")]
    [InlineData("text/plain", "{}", HttpStatusCode.UnsupportedMediaType, "text/plain")]
    [InlineData("application/json; charset=utf-7", "{}", HttpStatusCode.UnsupportedMediaType, "utf-7")]
    public async Task Submit_WhatCannotBeRead_SaysWhy(string type, string body, HttpStatusCode expected, string named)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var answer = await fixture.Client.PostAsync("/api/runs", content);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Contains(named, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/runs?state=bogus", "queued, running")]
    [InlineData("/api/runs?state=4", "queued, running")]
    [InlineData("/api/runs/x/log?lines=-1", "lines: -1 is negative")]
    [InlineData("/api/runs/x/series?metric=loss&from=x", "from: 'x' is not a number")]
    public async Task Query_ThatCannotBe_SaysWhy(string address, string expected)
    {
        var answer = await fixture.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("finished")]
    [InlineData("Finished")]
    [InlineData("FINISHED")]
    public async Task Runs_StateInTheApisSpelling_Filters(string state)
    {
        using (var run = new FabricatedRun(fixture.Server.Data, $"20260102-000000-cam-{state}").Start())
            run.Finish();
        await fixture.UntilFinished($"20260102-000000-cam-{state}");

        Assert.Contains($"cam-{state}", await fixture.Client.GetStringAsync($"/api/runs?state={state}"), StringComparison.Ordinal);
        Assert.DoesNotContain($"cam-{state}", await fixture.Client.GetStringAsync("/api/runs?state=failed"), StringComparison.Ordinal);
    }

    /// <summary>
    /// Method, pattern and the names of what its query holds: of the server as it is built, so that an address that is added is tried too.
    /// </summary>
    private static List<(string Method, string Pattern, IReadOnlyList<string> Query)> Endpoints()
    {
        using var data = new TempFolder();
        var app = DashboardServer.Build(new DataFolder(data.Path), null);
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith("/api/", StringComparison.Ordinal) == true)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (
                method,
                endpoint.RoutePattern.RawText!,
                (IReadOnlyList<string>)[.. (endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
                    .Select(parameter => parameter.Name!)
                    .Except(endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name))])))
            .ToList();
        app.DisposeAsync().AsTask().Wait();
        Assert.True(endpoints.Count > 25, $"only {endpoints.Count} addresses were found");
        return endpoints;
    }

    private static string Fill(string pattern, string text) =>
        string.Join('/', pattern.Split('/').Select(segment =>
            segment.StartsWith('{') ? segment.Contains(":int", StringComparison.Ordinal) ? "1" : Uri.EscapeDataString(text) : segment));

    private Uri Raw(string path) =>
        new(fixture.Server.Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static void Note(HttpResponseMessage answer, string what, List<string> faults)
    {
        if (answer.StatusCode == HttpStatusCode.InternalServerError || (int)answer.StatusCode > 507)
            faults.Add($"{(int)answer.StatusCode} {what}");
        answer.Dispose();
    }
}
