using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Runs.Store;

/// <summary>Tells subscribers which runs have changed: the first change at once, further ones of the same run at most every 100 ms.</summary>
internal sealed class RunChanges(ILogger log) : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, bool> _changed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Subscription, bool> _subscriptions = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly OwnThread _delivering = new();

    private ILogger Log => log;

    /// <summary>Until it is told to stop.</summary>
    public Task DeliverAsync(CancellationToken stop) => _delivering.RunAsync(Deliver, stop);

    public IDisposable Subscribe(Action<string> onRunChanged)
    {
        var subscription = new Subscription(this, onRunChanged);
        _subscriptions[subscription] = true;
        return subscription;
    }

    public void Announce(string id)
    {
        _changed[id] = true;
        _wake.Set();
    }

    public void Dispose()
    {
        _delivering.Dispose();
        _wake.Dispose();
    }

    private void Deliver(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            WaitHandle.WaitAny([_wake, stop.WaitHandle]);
            foreach (var id in _changed.Keys)
            {
                _changed.TryRemove(id, out _);
                foreach (var subscription in _subscriptions.Keys)
                    subscription.Notify(id);
            }
            stop.WaitHandle.WaitOne(Pace);
        }
    }

    private sealed class Subscription(RunChanges owner, Action<string> onRunChanged) : IDisposable
    {
        public void Notify(string id)
        {
            try
            {
                onRunChanged(id);
            }
            catch (Exception error)
            {
                // One subscriber's fault (a circuit that is just closing) is not the others'.
                owner.Log.LogWarning(error, "A subscriber failed on a change of run {Id}.", id);
            }
        }

        public void Dispose() => owner._subscriptions.TryRemove(this, out _);
    }
}
