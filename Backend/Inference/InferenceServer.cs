using System.Net.Sockets;
using System.Text.Json;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Images;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Backend.Weights;

namespace Dashboard.Backend.Inference;

/// <summary>The inside of the inference process: listens on a Unix domain socket, one request a connection, one at a time.</summary>
public sealed class InferenceServer(LoadedModels models) : IDisposable
{
    /// <summary>Printed on standard output once it listens.</summary>
    public const string Ready = "listening";

    /// <summary>A request with a few images; more is not a request of ours.</summary>
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
            if (request is null)
                return;
            using var asked = new CancellationTokenSource();
            var watch = StopAtHangUpAsync(connection, asked);
            InferenceReply reply;
            try
            {
                reply = await AnswerInTurnAsync(request, lines, asked.Token).ConfigureAwait(false);
            }
            finally
            {
                await asked.CancelAsync().ConfigureAwait(false);
                await watch.ConfigureAwait(false);
            }
            await lines.WriteAsync(reply, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException or JsonException or NotSupportedException or OperationCanceledException)
        {
            // The asker is gone, or is not one of ours: it sees only the end of the connection.
        }
    }

    /// <summary>
    /// A caller that gives up, waiting or while served, no longer wants an answer: what was asked ends at its next step, so that a user who changes
    /// their mind quickly waits for the last question alone. A caller sends nothing after its question: the next thing to be read is the end.
    /// </summary>
    private static async Task StopAtHangUpAsync(Socket connection, CancellationTokenSource asked)
    {
        try
        {
            await connection.ReceiveAsync(new byte[1], SocketFlags.None, asked.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // Gone, or answered.
        }
        await asked.CancelAsync().ConfigureAwait(false);
    }

    /// <exception cref="OperationCanceledException">The asker has hung up.</exception>
    private async Task<InferenceReply> AnswerInTurnAsync(InferenceRequest request, JsonLines lines, CancellationToken stop)
    {
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            await lines.WriteAsync(InferenceReply.Begun, stop).ConfigureAwait(false);
            return await Task.Run(() => Answer(request, stop), stop).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <exception cref="OperationCanceledException">The asker has hung up.</exception>
    private InferenceReply Answer(InferenceRequest request, CancellationToken stop)
    {
        try
        {
            return new(InferenceHandlers.Answer(request, models, stop), null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever goes wrong with one request is its own reply and does not touch the next. Only unforeseen errors are worth a trace.
            var isRefusal = error is InferenceException or ImageException or ModelException or CheckpointException or TextTooLongException;
            if (!isRefusal)
                Console.Error.WriteLine(error);
            return new(null, isRefusal ? error.Message : ExpectedFailure.FirstLine(error), isRefusal);
        }
    }
}
