using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Runs.Database;

/// <summary>The one writer of the index: collects what has changed and writes it in batches, at the latest when somebody asks.</summary>
public sealed class RunIndexWriter : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly RunIndex _index;
    private readonly Func<string, IndexedRun?> _row;
    private readonly OnceLogged _log;
    private readonly ConcurrentDictionary<string, bool> _pending = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly OwnThread _background = new();
    private readonly bool _keeps;

    /// <param name="row">The present row of a run; null when it has none to be written.</param>
    /// <param name="keeps">Whether what is left is written in the end: the index is a file of this process.</param>
    public RunIndexWriter(RunIndex index, Func<string, IndexedRun?> row, ILogger log, bool keeps) =>
        (_index, _row, _log, _keeps) = (index, row, new OnceLogged(log), keeps);

    /// <summary>Writes without being asked, until it is told to stop.</summary>
    public Task WriteAsync(CancellationToken stop) => _background.RunAsync(Write, stop);

    public void Changed(string id) => Announce(id, isThere: true);

    public void Removed(string id) => Announce(id, isThere: false);

    /// <summary>Whether everything announced before is in the index now.</summary>
    public bool Flush() => WriteBatch(last: false);

    /// <summary>Acts when everything announced before is in the index, while nothing more is written.</summary>
    /// <param name="action">Is told how to ask whether a run is still, or again, to be written.</param>
    public void WhenWritten(Action<Predicate<string>> action)
    {
        lock (_writing)
            if (Flush())
                action(_pending.ContainsKey);
    }

    /// <summary>Writes what is left, if that goes quickly.</summary>
    public void Dispose()
    {
        _background.Dispose();
        if (_keeps)
            WriteBatch(last: true);
        _wake.Dispose();
    }

    private void Announce(string id, bool isThere)
    {
        _pending[id] = isThere;
        _wake.Set();
    }

    private void Write(CancellationToken stop)
    {
        var isWritten = true;
        while (!stop.IsCancellationRequested)
        {
            WaitHandle.WaitAny([_wake, stop.WaitHandle], isWritten ? Timeout.InfiniteTimeSpan : AfterFailure);
            if (!stop.IsCancellationRequested)
                isWritten = WriteBatch(last: false);
            stop.WaitHandle.WaitOne(Pace);
        }
    }

    private bool WriteBatch(bool last)
    {
        // Also where nothing is left to be taken: the last batch may still be on its way.
        lock (_writing)
        {
            if (_pending.IsEmpty)
                return true;
            var batch = _pending.ToArray();
            foreach (var pending in batch)
                _pending.TryRemove(pending);
            try
            {
                IndexedRun[] rows = [.. batch.Where(pending => pending.Value).Select(pending => _row(pending.Key)).OfType<IndexedRun>()];
                _index.Save(rows, [.. batch.Where(pending => !pending.Value).Select(pending => pending.Key)], last);
                _log.Clear();
                return true;
            }
            catch (Exception error)
            {
                _log.Warn($"The index of runs could not be written: {(error.InnerException ?? error).Message} The run folders hold all of it.");
                foreach (var (id, isThere) in batch)
                    _pending.TryAdd(id, isThere);
                return false;
            }
        }
    }
}
