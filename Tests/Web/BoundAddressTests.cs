using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Dashboard.Tests.Web;

/// <summary>Whether a token is needed follows from the addresses that are bound, whichever way they were named.</summary>
public sealed class BoundAddressTests
{
    [Theory]
    [InlineData("", "Kestrel__Endpoints__Http__Url=http://0.0.0.0:0", true)]
    [InlineData("", "Kestrel__Endpoints__Here__Url=http://127.0.0.1:0 Kestrel__Endpoints__There__Url=http://[::]:0", true)]
    [InlineData("", "ASPNETCORE_URLS=http://0.0.0.0:0", true)]
    [InlineData("", "DOTNET_URLS=http://*:0", true)]
    [InlineData("", "Urls=http://0.0.0.0:0", true)]
    [InlineData("", "ASPNETCORE_HTTP_PORTS=0", true)]
    [InlineData("", "ASPNETCORE_URLS=http://127.0.0.1:0", false)]
    [InlineData("http://127.0.0.1:0", "Kestrel__Endpoints__Http__Url=http://0.0.0.0:0", false)]
    [InlineData("http://127.0.0.1:0", "ASPNETCORE_URLS=http://0.0.0.0:0", false)]
    public async Task Token_EveryWayToNameAnAddress_FollowsFromWhatIsBound(string urls, string environment, bool needed)
    {
        await using var server = await ServerProcess.StartAsync(urls,
            environment: environment.Split(' ').Select(variable => variable.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]))
                .Concat(ServerProcess.Idle).ToDictionary());
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };

        Assert.Equal(needed ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, (await client.GetAsync("/api/runs")).StatusCode);
        Assert.Equal(needed, server.Token is not null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token ?? "none");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/runs")).StatusCode);
    }

    /// <summary>A proxy in front of it may serve the world.</summary>
    [Fact]
    public async Task Token_UnixSocket_IsNeeded()
    {
        var socket = Path.Combine(Path.GetTempPath(), $"dashboard-{Guid.NewGuid():N}.sock");
        await using var server = await ServerProcess.StartAsync("",
            environment: new Dictionary<string, string>(ServerProcess.Idle) { ["Kestrel__Endpoints__Proxy__Url"] = $"http://unix:{socket}" });
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), stop);
                return new NetworkStream(connection, ownsSocket: true);
            },
        }) { BaseAddress = new Uri("http://localhost") };

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/runs")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/runs")).StatusCode);
    }
}
