using System.Net.Sockets;
using System.Text.Json;
using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Images;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;

namespace Dashboard.Backend.Inference;

/// <summary>The inside of the inference process: listens on a Unix domain socket, one request a connection, one at a time.</summary>
public sealed class InferenceServer(LoadedModels models) : IDisposable
{
    /// <summary>Printed on standard output once it listens.</summary>
    public const string Ready = "listening";

    /// <summary>A request with a few images; more is no request of ours.</summary>
    private const int LongestRequest = 64 << 20;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Until the token is cancelled.</summary>
    /// <param name="socket">Path of the socket; what lies there is replaced.</param>
    public async Task ServeAsync(string socket, CancellationToken stop)
    {
        File.Delete(socket);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        listener.Listen();
        Console.WriteLine(Ready);
        while (!stop.IsCancellationRequested)
            _ = AnswerAsync(await listener.AcceptAsync(stop).ConfigureAwait(false));
    }

    public void Dispose() => _turn.Dispose();

    private async Task AnswerAsync(Socket connection)
    {
        try
        {
            using var stream = new NetworkStream(connection, ownsSocket: true);
            var lines = new JsonLines(stream, LongestRequest);
            var request = await lines.ReadAsync<InferenceRequest>(CancellationToken.None).ConfigureAwait(false);
            await _turn.WaitAsync().ConfigureAwait(false);
            try
            {
                // Whoever gave up while others were served wants no answer any more.
                if (request is null || HasHungUp(connection))
                    return;
                await lines.WriteAsync(InferenceReply.Begun, CancellationToken.None).ConfigureAwait(false);
                await lines.WriteAsync(await Task.Run(() => Answer(request)).ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception error) when (error is IOException or SocketException or JsonException or NotSupportedException)
        {
            // The asker is gone, or none of ours: it hears nothing but the end of the connection.
        }
    }

    private InferenceReply Answer(InferenceRequest request)
    {
        try
        {
            return new(InferenceHandlers.Answer(request, models), null);
        }
        catch (Exception error)
        {
            // Whatever one request does wrong is its own reply; the next one is another.
            Console.Error.WriteLine(error);
            return new(null, error.GetBaseException().Message, IsRefusal: error is InferenceException or ImageException or ModelException or CheckpointException or TextTooLongException);
        }
    }

    private static bool HasHungUp(Socket connection) => connection.Poll(0, SelectMode.SelectRead) && connection.Available == 0;
}
