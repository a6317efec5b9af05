using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dashboard.Tests.EndToEnd;
using Dashboard.Tests.Hubs;
using Microsoft.AspNetCore.SignalR.Client;

namespace Dashboard.Tests.Web;

public sealed class ServerEndTests
{
    /// <summary>
    /// Well below the half minute that ASP.NET would wait, and more than the four seconds that the server gives itself, for the machine may be busy.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Terminate_WithLiveStreamsAndAnUnfinishedRequest_EndsSoonAndInOrder()
    {
        await using var server = await ServerProcess.StartAsync();
        using var run = new FabricatedRun(server.Data, "20260101-000000-cam-live").Start();
        run.Train(20);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var hub = WebSocketConnection.To(new Uri($"{server.Address}/hubs/runs"));
        await hub.StartAsync(patience.Token);
        await using var events = hub.StreamAsync<JsonElement>("Watch", run.Folder.Id, 0L, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await events.MoveNextAsync());
        using var upload = new TcpClient();
        await upload.ConnectAsync("127.0.0.1", new Uri(server.Address).Port, patience.Token);
        await upload.GetStream()
            .WriteAsync(
            Encoding.ASCII.GetBytes("POST /api/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"),
            patience.Token);

        Assert.Equal(0, await server.TerminateAsync(Patience));
    }
}
