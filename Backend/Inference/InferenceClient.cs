using System.Text.Json;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Backend.Inference;

/// <summary>
/// Asks the one inference process: starts it when it is needed, restarts it when it has died, ends it when nobody has asked for a while.
/// Thread-safe. Loads no tensor library itself, so a native crash or a lack of memory costs one request and never the dashboard.
/// </summary>
public sealed class InferenceClient : IAsyncDisposable
{
    /// <summary>Models stay in memory this long after the last request.</summary>
    public static readonly TimeSpan DefaultIdle = TimeSpan.FromMinutes(5);

    /// <summary>Loading a large CLIP on a busy machine takes a minute; a request that takes longer than this hangs.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(5);

    private readonly DataFolder _data;
    private readonly DashboardProgram _program;
    private readonly TimeProvider _time;
    private readonly Lead? _lead;
    private readonly ILogger _log;
    private readonly TimeSpan _idle;
    private readonly TimeSpan _patience;
    private readonly SemaphoreSlim _lock = new(1);
    private readonly ITimer _release;
    private InferenceProcess? _process;
    private int _asking;
    private bool _isClosed;

    /// <param name="idle">After this long without a request the process is ended; null: <see cref="DefaultIdle"/>.</param>
    /// <param name="patience">How long a request may take; null: <see cref="DefaultPatience"/>.</param>
    /// <param name="log">Is given what a process printed that died.</param>
    /// <param name="lead">Null: there is no other dashboard on the data folder.</param>
    public InferenceClient(
        DataFolder data, DashboardProgram program, TimeProvider time, TimeSpan? idle = null, TimeSpan? patience = null,
        ILogger<InferenceClient>? log = null, Lead? lead = null)
    {
        _lead = lead;
        _log = log ?? NullLogger<InferenceClient>.Instance;
        (_data, _program, _time, _idle, _patience) = (data, program, time, idle ?? DefaultIdle, patience ?? DefaultPatience);
        _release = time.CreateTimer(_ => _ = ReleaseAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The process that holds the models; null while there is none.</summary>
    public int? ProcessId => _process is { HasExited: false } process ? process.Id : null;

    /// <summary>Requests wait for each other: one has all cores.</summary>
    /// <exception cref="InferenceException">
    /// The request failed (names the model or file, and says what to do), the process died or took too long.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The asker gave up; the process ends this request at its next step and goes on to the next one.
    /// </exception>
    public async Task<TAnswer> AskAsync<TAnswer>(InferenceRequest<TAnswer> request, CancellationToken cancellation = default)
    {
        using var patience = new CancellationTokenSource(_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        InferenceProcess? process = null;
        Interlocked.Increment(ref _asking);
        try
        {
            process = await ReplaceAsync(null, either.Token).ConfigureAwait(false);
            var reply = await process.AskAsync(request, either.Token).ConfigureAwait(false);
            if (reply is null)
            {
                // It had died, or died before it began with this: a new one is asked, once.
                process = await ReplaceAsync(process, either.Token).ConfigureAwait(false);
                reply = await process.AskAsync(request,
                    either.Token).ConfigureAwait(false) ?? throw new InferenceException("The inference process cannot be reached. Try again.");
            }
            return reply.Answer is { } answer
                ? answer.Deserialize<TAnswer>(RunJson.Line)!
                : throw new InferenceException(reply.Error ?? "The inference process gave no answer.") { IsRefusal = reply.IsRefusal };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            process?.Dispose();
            throw new InferenceException(
                $"The inference process gave no answer within {_patience.TotalSeconds:0} s and was ended. Try again: it will be restarted.");
        }
        catch (IOException error)
        {
            throw new InferenceException($"The inference process cannot be started: {error.Message}", error);
        }
        finally
        {
            if (Interlocked.Decrement(ref _asking) == 0)
                _release.Change(_idle, Timeout.InfiniteTimeSpan);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _release.DisposeAsync().ConfigureAwait(false);
        await _lock.WaitAsync().ConfigureAwait(false);
        try
        {
            _isClosed = true;
            _process?.Dispose();
            _process = null;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <param name="unreachable">A process that does not answer any more; null where none is known to.</param>
    private async Task<InferenceProcess> ReplaceAsync(InferenceProcess? unreachable, CancellationToken cancellation)
    {
        await _lock.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_process is { } current && (current == unreachable || current.HasExited))
            {
                current.Dispose();
                _process = null;
            }
            var inData = _lead?.IsLeading != false;
            return _process ??= await InferenceProcess.StartAsync(_program, _data, inData, _log, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _lock.Release();
        }
    }

    private async Task ReleaseAsync()
    {
        await _lock.WaitAsync().ConfigureAwait(false);
        try
        {
            // Whoever entered since holds the process, or waits for this lock.
            if (Volatile.Read(ref _asking) > 0)
                return;
            _process?.Dispose();
            _process = null;
        }
        finally
        {
            _lock.Release();
        }
    }
}
