using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Runs.Store;

/// <summary>Tells subscribers which runs have changed: the first change at once, further ones of the same run at most every 100 ms.</summary>
internal sealed class RunChanges : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, bool> _changed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Subscription, bool> _subscriptions = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly ILogger _log;
    private readonly Thread _thread;
    private volatile bool _closing;

    public RunChanges(ILogger log)
    {
        _log = log;
        _thread = new Thread(Deliver) { IsBackground = true, Name = "run changes" };
        _thread.Start();
    }

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
        _closing = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private void Deliver()
    {
        while (!_closing)
        {
            _wake.WaitOne();
            foreach (var id in _changed.Keys)
            {
                _changed.TryRemove(id, out _);
                foreach (var subscription in _subscriptions.Keys)
                    subscription.Notify(id);
            }
            Thread.Sleep(Pace);
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
                owner._log.LogWarning(error, "A subscriber failed on a change of run {Id}.", id);
            }
        }

        public void Dispose() => owner._subscriptions.TryRemove(this, out _);
    }
}
