using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Components.Shared;

/// <summary>
/// Passes the store's changes on to a page: at most one call per interval, never two at once,
/// the last change always followed by a call.
/// </summary>
public sealed class StoreWatch : IDisposable
{
    /// <summary>Quick enough to look live, slow enough that ten busy runs redraw a table no more than four times a second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly IDisposable _subscription;

    /// <param name="filter">True for the runs that the page shows; null for all.</param>
    /// <param name="interval">Null: <see cref="Interval"/>.</param>
    public StoreWatch(IRunStore store, TimeProvider time, Func<Task> onChanged, Func<string, bool>? filter = null, TimeSpan? interval = null)
    {
        _subscription = store.Subscribe(id =>
        {
            if (filter?.Invoke(id) != false)
                Signal();
        });
        _ = PassOnAsync(time, onChanged, interval ?? Interval);
    }

    /// <summary>The filter of a page that shows nothing of runs that wait or go on: their progress passes it by.</summary>
    public static Func<string, bool> Resting(IRunStore store) => id => store.Find(id) is not { State: RunState.Queued or RunState.Running };

    private void Signal()
    {
        lock (_changed)
            if (_changed.CurrentCount == 0)
                _changed.Release();
    }

    private async Task PassOnAsync(TimeProvider time, Func<Task> onChanged, TimeSpan interval)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(_stop.Token);
                await onChanged();
                await Task.Delay(interval, time, _stop.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _stop.Cancel();
        _stop.Dispose();
    }
}
