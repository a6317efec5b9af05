using System.Net;
using System.Net.Http.Headers;

namespace Dashboard.Tests.Web;

/// <summary>A dashboard that other machines can reach lets nobody in without the token.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private ServerProcess _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync("http://0.0.0.0:0");
        _client.BaseAddress = new Uri(_server.Address);
    }

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

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }
}
