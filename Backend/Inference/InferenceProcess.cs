using System.Net.Sockets;
using System.Text;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Inference;

/// <summary>One inference process, from its start to its end. Killed when disposed: it keeps nothing that could be lost.</summary>
internal sealed class InferenceProcess : IDisposable
{
    /// <summary>What a Unix domain socket's path may have, with some to spare.</summary>
    private const int LongestSocketPath = 100;

    private const int LongestReply = 256 << 20;
    private const int KeptLines = 20;

    /// <summary>To a process that has closed its connection, until its exit status is there.</summary>
    private static readonly TimeSpan DyingTime = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _process;
    private readonly string _socket;
    private readonly string? _folder;
    private readonly Queue<string> _lastWords = new();
    private readonly StreamReader _output;
    private readonly Task<int> _exit;
    private readonly ILogger _log;
    private bool _isReady;

    private InferenceProcess(ChildProcess process, string socket, string? folder, ILogger log)
    {
        (_process, _socket, _folder, _log, Id) = (process, socket, folder, log, process.Id);
        // Taken now: a process that has ended gives it away no more.
        _output = process.Output;
        process.ReadErrors(Keep);
        _exit = WaitAsync(process);
    }

    public int Id { get; }

    public bool HasExited => _exit.IsCompleted;

    /// <param name="inData">Whether its socket lies in the data folder; else in the system's temporary folder.</param>
    /// <returns>A process that listens.</returns>
    /// <exception cref="InferenceException">It ended before it listened: says why.</exception>
    /// <exception cref="IOException">The program cannot be started.</exception>
    public static async Task<InferenceProcess> StartAsync(DashboardProgram program, DataFolder data, bool inData, ILogger log,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(data.Path);
        var socket = Path.Combine(data.Path, "inference.sock");
        // Where that folder is too deep for a socket: one in the system's temporary folder, that only this user can enter.
        var fits = inData && Encoding.UTF8.GetByteCount(socket) <= LongestSocketPath;
        var folder = fits ? null : Directory.CreateTempSubdirectory("dashboard-").FullName;
        socket = folder is null ? socket : Path.Combine(folder, "inference.sock");
        var started = new InferenceProcess(program.StartInference(socket), socket, folder, log);
        try
        {
            while (await started._output.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
                if (line == InferenceServer.Ready)
                {
                    started._isReady = true;
                    return started;
                }
            throw await started.DiedAsync("before it could be asked anything").ConfigureAwait(false);
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    /// <returns>Null where the process died before it began with the request.</returns>
    /// <exception cref="InferenceException">It died while it worked on the request.</exception>
    public async Task<InferenceReply?> AskAsync(InferenceRequest request, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var hasBegun = false;
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancellation).ConfigureAwait(false);
            using var stream = new NetworkStream(socket);
            var lines = new JsonLines(stream, LongestReply);
            await lines.WriteAsync(request, cancellation).ConfigureAwait(false);
            hasBegun = await lines.ReadAsync<InferenceReply>(cancellation).ConfigureAwait(false) is not null;
            // Only one request is worked on: what was printed before belongs to others.
            lock (_lastWords)
                _lastWords.Clear();
            if (hasBegun && await lines.ReadAsync<InferenceReply>(cancellation).ConfigureAwait(false) is { } reply)
                return reply;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // The process is gone, as below.
        }
        return hasBegun ? throw await DiedAsync("while it worked on this request").ConfigureAwait(false) : null;
    }

    public void Dispose()
    {
        _process.Kill();
        File.Delete(_socket);
        if (_folder is not null && Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    /// <returns>The exit code, when all that it printed has been read.</returns>
    private static async Task<int> WaitAsync(ChildProcess process)
    {
        await process.WaitForExitAsync().ConfigureAwait(false);
        var code = process.ExitCode;
        process.Dispose();
        return code;
    }

    private async Task<InferenceException> DiedAsync(string when)
    {
        int code;
        try
        {
            code = await _exit.WaitAsync(DyingTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new($"The inference process closed its connection {when}. Try again.");
        }
        var how =
            code > 128 ? $"was ended by signal {code - 128}{(code == 137 ? ", as when memory runs out," : "")}" : $"ended with exit code {code}";
        string[] words;
        lock (_lastWords)
            words = [.. _lastWords];
        _log.LogError("The inference process {How} {When}. It printed: {Words}", how, when, words.Length == 0 ? "nothing" : string.Join('\n', words));
        // A program that ends by itself before it listens has said in a sentence why; what a crash prints is for the log.
        return new(code <= 128 && !_isReady && words.Length > 0
            ? $"The inference process {how} {when}: {words[^1]}"
            : $"The inference process {how} {when}. {(words.Length > 0 ? "What it printed is in logs/dashboard.log of the data folder. " : "")}Try "
                + "again: it will be restarted.");
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lastWords)
        {
            _lastWords.Enqueue(line);
            if (_lastWords.Count > KeptLines)
                _lastWords.Dequeue();
        }
    }
}
