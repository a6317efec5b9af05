using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

/// <summary>A dashboard that other machines can reach lets nobody in without the token.</summary>
public sealed class TokenTests(TokenTests.OpenServer open) : IClassFixture<TokenTests.OpenServer>, IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) {
        BaseAddress = new Uri(open.Server.Address) };

    private readonly ServerProcess _server = open.Server;

    [Fact]
    public async Task Request_WithoutToken_IsRefusedEverywhere()
    {
        foreach (
            var path in new[] { "/", "/runs", "/api/runs", "/app.css", "/_framework/blazor.web.js", "/nosuch", "/api/runs/x/files/snapshots/a.png" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await _client.GetAsync(path)).StatusCode);
        foreach (var path in new[] { "/_blazor/negotiate?negotiateVersion=1", "/hubs/runs/negotiate?negotiateVersion=1", "/api/runs" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await _client.PostAsync(path, null)).StatusCode);
    }

    [Fact]
    public async Task Request_WithWrongToken_IsRefusedAndGetsNoCookie()
    {
        var bearer = await SendAsync("/api/runs", bearer: new string('0', 64));
        var login = await _client.GetAsync("/login?token=" + new string('0', 64));
        var empty = await _client.GetAsync("/login");
        var cookie = await SendAsync("/api/runs", cookie: $"dashboard-{_client.BaseAddress!.Port}=guess");

        Assert.All(new[] { bearer, login, empty, cookie }, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.False(login.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Login_WithPrintedToken_GivesACookieThatOpensPagesAndHub()
    {
        var login = await _client.GetAsync("/login?token=" + _server.Token);

        Assert.Equal(HttpStatusCode.Redirect, login.StatusCode);
        var cookie = login.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
        var pair = cookie.Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("/", cookie: pair)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("/api/runs", cookie: pair)).StatusCode);
    }

    [Fact]
    public async Task Api_WithBearer_Answers() => Assert.Equal(HttpStatusCode.OK, (await SendAsync("/api/runs", bearer: _server.Token)).StatusCode);

    [Fact]
    public async Task Post_WithCookieFromAnotherOrigin_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs");
        request.Headers.Add("Cookie", $"dashboard-{_client.BaseAddress!.Port}={_server.Token}");
        request.Headers.Add("Origin", "http://evil.example");

        Assert.Equal(HttpStatusCode.Forbidden, (await _client.SendAsync(request)).StatusCode);
    }

    /// <summary>Whoever has the link sees the report, without the token; and nothing else, and nothing after it is revoked.</summary>
    [Fact]
    public async Task ShareLink_OpensItsReportAloneUntilItIsRevoked()
    {
        FinishedRuns.Write(_server.Data, "shared-run", name: "shared <one>");
        FinishedRuns.Write(_server.Data, "other-run");
        await TemporaryData.Until(() => SendAsync("/api/runs/shared-run", bearer: _server.Token).Result.IsSuccessStatusCode, "the run");
        var made = await ChangeAsync(HttpMethod.Post, "/api/runs/shared-run/shares");
        var link = made.GetProperty("address").GetString()!;

        var report = await SendAsync(link);
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        Assert.Contains("shared &lt;one&gt;", await report.Content.ReadAsStringAsync());
        Assert.Contains("default-src 'none'", report.Headers.GetValues("Content-Security-Policy").Single());
        var token = link.Split('/')[^1];
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(_server.Data.Run("shared-run").File("shares.json")));
        foreach (var path in new[] { $"/shared/other-run/{token}", $"{link}x", link[..^1], $"/shared/shared-run/{new string('a', 43)}" })
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(path)).StatusCode);
        foreach (var path in new[] { "/api/runs/shared-run", $"/shared/shared-run/{token}/../../../api/runs", "/shared", "/shared/shared-run",
            $"{link}/more" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _client.PostAsync(link, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync("/api/runs/shared-run", bearer: token)).StatusCode);

        await ChangeAsync(HttpMethod.Delete, $"/api/runs/shared-run/shares/{made.GetProperty("share").GetString()}");
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(link)).StatusCode);
    }

    private async Task<JsonElement> ChangeAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _server.Token);
        var answer = await _client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    [Fact]
    public void TokenFile_IsReadableByItsOwnerOnly()
    {
        var path = Path.Combine(_server.Data.Path, "token");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(_server.Token, File.ReadAllText(path));
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? bearer = null, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return await _client.SendAsync(request);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Reached by every machine.</summary>
    public sealed class OpenServer : IAsyncLifetime
    {
        public ServerProcess Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await ServerProcess.StartAsync("http://0.0.0.0:0", environment: ServerProcess.Idle);

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
