using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// A line between a browser and a server on this machine, on which every byte takes a given time in either direction; none overtakes another. What a
/// person does before the answer to the last click is there meets a state that is not yet known to both sides: on such a line always, not once in
/// many runs.
/// </summary>
public sealed class SlowLine : IAsyncDisposable
{
    private readonly Uri _server;
    private readonly TimeSpan _delay;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    /// <param name="server">Its address, for example <c>http://127.0.0.1:5080</c>. It need not run yet, and may be restarted.</param>
    /// <param name="delay">In each direction.</param>
    public SlowLine(string server, TimeSpan delay)
    {
        (_server, _delay) = (new Uri(server), delay);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The server's, for those who come over this line.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Closed, or the browser has thought better of it.
            }
            connections.RemoveAll(connection => connection.IsCompleted);
        }
        await Task.WhenAll(connections);
    }

    /// <summary>Until either side hangs up.</summary>
    private async Task ServeAsync(TcpClient browser)
    {
        using var server = new TcpClient { NoDelay = true };
        using var hungUp = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        using (browser)
        {
            try
            {
                browser.NoDelay = true;
                await server.ConnectAsync(_server.Host, _server.Port, hungUp.Token);
                var directions = new[] { CarryAsync(browser.GetStream(), server.GetStream(), hungUp.Token),
                    CarryAsync(server.GetStream(), browser.GetStream(), hungUp.Token) };
                await await Task.WhenAny(directions);
                await hungUp.CancelAsync();
                await Task.WhenAll(directions);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
            {
                // The server is away, or one side has gone: the other sees its connection end.
            }
        }
    }

    /// <summary>Ends with the stream it reads from, when its last byte has arrived.</summary>
    private async Task CarryAsync(NetworkStream from, NetworkStream to, CancellationToken stop)
    {
        var underway = Channel.CreateUnbounded<(DateTime Due, byte[] Bytes)>();
        var arriving = ArriveAsync();
        try
        {
            var buffer = new byte[1 << 16];
            while (await from.ReadAsync(buffer, stop) is > 0 and var count)
                underway.Writer.TryWrite((DateTime.UtcNow + _delay, buffer[..count]));
        }
        catch (IOException)
        {
            // Cut instead of closed.
        }
        finally
        {
            underway.Writer.Complete();
        }
        await arriving;

        async Task ArriveAsync()
        {
            await foreach (var (due, bytes) in underway.Reader.ReadAllAsync(stop))
            {
                if (due - DateTime.UtcNow is { Ticks: > 0 } left)
                    await Task.Delay(left, stop);
                await to.WriteAsync(bytes, stop);
            }
        }
    }
}
