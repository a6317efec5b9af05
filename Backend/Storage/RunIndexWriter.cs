using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Dashboard.Backend.Storage;

/// <summary>The one writer of the index: collects what has changed and writes it in batches, on a thread of its own.</summary>
public sealed class RunIndexWriter : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly RunIndex _index;
    private readonly Func<string, IndexedRun?> _row;
    private readonly ConcurrentDictionary<string, bool> _changed = new(StringComparer.Ordinal);
    private readonly ManualResetEventSlim _closing = new();
    private readonly Thread _thread;

    /// <param name="row">The present row of a run; null when the run is gone.</param>
    public RunIndexWriter(RunIndex index, Func<string, IndexedRun?> row)
    {
        (_index, _row) = (index, row);
        _thread = new Thread(Write) { IsBackground = true, Name = "run index" };
        _thread.Start();
    }

    public void Changed(string id) => _changed[id] = true;

    /// <summary>Writes what is left.</summary>
    public void Dispose()
    {
        _closing.Set();
        _thread.Join();
        _closing.Dispose();
    }

    private void Write()
    {
        while (!_closing.Wait(Pace))
            WriteBatch();
        WriteBatch();
    }

    private void WriteBatch()
    {
        var ids = _changed.Keys.ToArray();
        if (ids.Length == 0)
            return;
        foreach (var id in ids)
            _changed.TryRemove(id, out _);
        var rows = ids.Select(id => (Id: id, Row: _row(id))).ToLookup(run => run.Row is null);
        try
        {
            _index.Save([.. rows[false].Select(run => run.Row!)], [.. rows[true].Select(run => run.Id)]);
        }
        catch (Exception error) when (error is SqliteException or DbUpdateException)
        {
            // The disk is full, say. The folders hold the truth; the batch is tried again.
            System.Diagnostics.Trace.TraceWarning($"The index of runs could not be written: {error.Message}");
            foreach (var id in ids)
                _changed[id] = true;
        }
    }
}
