using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Live;

/// <summary>Follows one run for one open page: its events into a digest, its changes into calls of the page, at most one every 100 ms.</summary>
public sealed class RunWatch : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly IRunStore _store;
    private readonly string _id;
    private readonly TimeProvider _time;
    private readonly Func<Task> _onChanged;
    private readonly CancellationTokenSource _stop = new();
    private readonly IDisposable _subscription;
    private readonly long _storedSeq;
    private int _signalled;
    private int _following;

    /// <param name="onChanged">Called on a thread of its own choice.</param>
    public RunWatch(IRunStore store, string id, TimeProvider time, Func<Task> onChanged)
    {
        (_store, _id, _time, _onChanged) = (store, id, time, onChanged);
        _storedSeq = store.Find(id)?.LastSeq ?? 0;
        _subscription = store.Subscribe(changed =>
        {
            if (changed != id)
                return;
            Signal();
            Follow();
        });
        Follow();
    }

    /// <summary>Null where the run does not exist, or no longer.</summary>
    public RunSummary? Summary => _store.Find(_id);

    public RunDigest Digest { get; private set; } = new();

    /// <summary>The events that stood in the log when the page was opened have been read.</summary>
    public bool IsLoaded => Digest.LastSeq >= _storedSeq;

    /// <summary>Why the log cannot be read further; null while all is well.</summary>
    public string? Error { get; private set; }

    public void Dispose()
    {
        _subscription.Dispose();
        _stop.Cancel();
    }

    /// <summary>One loop at a time; a new one when a run goes on after its last event.</summary>
    private void Follow()
    {
        if (Interlocked.Exchange(ref _following, 1) == 0)
            _ = Task.Run(FollowAsync);
    }

    private async Task FollowAsync()
    {
        try
        {
            if (_store.Find(_id)?.LastSeq is not { } lastSeq || (lastSeq > 0 && lastSeq <= Digest.LastSeq))
                return;
            await foreach (var next in _store.Follow(_id, Digest.LastSeq, _stop.Token))
            {
                (Digest, Error) = (Digest.Apply(next), null);
                if (next is not RunMetrics)
                    Signal();
            }
            Error = null;
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            Error = error.Message;
        }
        finally
        {
            Volatile.Write(ref _following, 0);
            Signal();
            // What was told while this loop was ending has started no other.
            if (Error is null && !_stop.IsCancellationRequested && _store.Find(_id)?.LastSeq > Digest.LastSeq)
                Follow();
        }
    }

    private void Signal()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
            _ = CallAsync();
    }

    private async Task CallAsync()
    {
        try
        {
            await Task.Delay(Pace, _time, _stop.Token);
            Volatile.Write(ref _signalled, 0);
            await _onChanged();
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }
}
