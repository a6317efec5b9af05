using System.Collections.Concurrent;
using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Log;

/// <summary>
/// Appends to <c>events.jsonl</c>. The caller never waits for the disk: a thread of its own writes what has come in, at once, in one
/// piece. Checkpoints and last events are on the disk itself before anything follows them. Where the disk is full, as many whole lines are written
/// as fit.
/// </summary>
public sealed class EventLogWriter : IDisposable
{
    /// <summary>A disk that hangs holds training back only after this many events; they take a few megabytes.</summary>
    private const int Capacity = 16_384;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Action<RunEvent>? _onStored;
    private readonly Action? _beforeStoring;
    private readonly FileStream _file;
    private readonly BlockingCollection<RunEvent> _queue = new(Capacity);
    private readonly Lock _order = new();
    private readonly Thread _thread;
    private readonly object _progress = new();

    /// <summary>In bytes, all of them whole lines.</summary>
    private long _length;

    private long _stored;
    private volatile IOException? _failure;

    /// <summary>Goes on behind the last whole event; a torn line after it is overwritten.</summary>
    /// <param name="onStored">Called with each event that stands in the log, in order, on the writer's own thread.</param>
    /// <param name="beforeStoring">Called before anything is written, on the same thread.</param>
    /// <exception cref="IOException">The log cannot be opened for writing.</exception>
    public EventLogWriter(string path, TimeProvider time, Action<RunEvent>? onStored = null, Action? beforeStoring = null)
    {
        (_path, _time, _onStored, _beforeStoring) = (path, time, onStored, beforeStoring);
        using (var reader = new EventLogReader(path))
        {
            foreach (var written in reader.ReadNew())
                Last = written;
            (_length, LastSeq) = (reader.Offset, reader.LastSeq);
            if (reader.Damage is not null)
                File.Copy(path, path + ".damaged", overwrite: true);
        }
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        _file.SetLength(_length);
        _stored = LastSeq;
        _thread = new Thread(Write) { IsBackground = true, Name = "event log" };
        _thread.Start();
    }

    /// <summary>Sequence number of the last event, written or waiting.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The last event, written or waiting; null in an empty log.</summary>
    public RunEvent? Last { get; private set; }

    /// <summary>Gives the event its number and time. Returns at once.</summary>
    /// <exception cref="IOException">An earlier event could not be written. What stands in the log is whole.</exception>
    public void Append(RunEvent next)
    {
        lock (_order)
        {
            if (_failure is { } failure)
                throw new IOException(failure.Message, failure);
            Last = next with { Seq = ++LastSeq, Time = _time.GetUtcNow() };
            _queue.Add(Last);
        }
    }

    /// <summary>Waits until everything appended so far is on the disk itself.</summary>
    /// <exception cref="IOException">Not everything could be written.</exception>
    public void Flush()
    {
        long last;
        lock (_order)
            last = LastSeq;
        lock (_progress)
            while (_stored < last && _failure is null)
                Monitor.Wait(_progress);
        if (_failure is { } failure)
            throw new IOException(failure.Message, failure);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    /// <summary>Waits until everything is on the disk, and takes nothing more.</summary>
    /// <exception cref="IOException">Not everything could be written.</exception>
    public void Complete()
    {
        _queue.CompleteAdding();
        _thread.Join();
        if (_failure is { } failure)
            throw new IOException(failure.Message, failure);
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _file.Dispose();
        _queue.Dispose();
    }

    private void Write()
    {
        using var lines = new MemoryStream();
        var batch = new List<RunEvent>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            // After a failure the queue is only emptied, so that nobody waits for room in it.
            if (_failure is not null)
                continue;
            lines.SetLength(0);
            batch.Clear();
            var durable = false;
            for (RunEvent? next = first; next is not null; next = lines.Length < 1 << 20 && _queue.TryTake(out var more) ? more : null)
            {
                JsonSerializer.Serialize(lines, next, RunJson.Line);
                lines.WriteByte((byte)'\n');
                durable |= next is RunCheckpoint || next.IsLast;
                batch.Add(next);
            }
            _beforeStoring?.Invoke();
            var stored = batch[..Store(lines.GetBuffer().AsSpan(0, (int)lines.Length), durable)];
            lock (_progress)
            {
                _stored = stored is [.., var last] ? last.Seq : _stored;
                Monitor.PulseAll(_progress);
            }
            if (_onStored is not null)
                stored.ForEach(_onStored);
        }
    }

    /// <returns>How many of the lines stand in the log.</returns>
    private int Store(ReadOnlySpan<byte> lines, bool durable)
    {
        var whole = 0;
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, lines, _length);
            whole = lines.Length;
            if (durable)
                RandomAccess.FlushToDisk(_file.SafeFileHandle);
        }
        catch (IOException error)
        {
            _failure = new IOException(DiskFull.Is(error) ? DiskFull.Message(_path) : $"{_path} cannot be written: {error.Message}", error);
            if (whole == 0)
                whole = StoreWhatFits(lines);
        }
        _length += whole;
        return lines[..whole].Count((byte)'\n');
    }

    /// <summary>A full disk takes some bytes of a piece, or none: line by line it takes as many as fit, and half a line is cut off.</summary>
    /// <returns>How many bytes of the lines stand in the log.</returns>
    private int StoreWhatFits(ReadOnlySpan<byte> lines)
    {
        var whole = 0;
        try
        {
            while (whole < lines.Length)
            {
                var line = lines[whole..(whole + lines[whole..].IndexOf((byte)'\n') + 1)];
                RandomAccess.Write(_file.SafeFileHandle, line, _length + whole);
                whole += line.Length;
            }
        }
        catch (IOException)
        {
            // The first failure says why.
        }
        RandomAccess.SetLength(_file.SafeFileHandle, _length + whole);
        return whole;
    }
}
