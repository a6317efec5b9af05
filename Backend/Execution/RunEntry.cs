using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution;

/// <summary>One run as the store keeps it. Not thread-safe: the store holds <see cref="Sync"/> around it.</summary>
internal sealed class RunEntry(RunFolder folder, RunSpec spec, TimeProvider time) : IDisposable
{
    private EventLogReader? _reader;
    private RunProjection? _projection;

    public Lock Sync { get; } = new();
    public RunFolder Folder { get; } = folder;
    public RunSpec Spec { get; } = spec;
    public QueueTicket? Ticket { get; private set; }
    public RunSummary Summary { get; private set; } = new(spec, RunState.Interrupted, null, 0, null, null, null, null, null, null, 0, null);
    public IReadOnlyList<RunEvaluated> Evaluations { get; private set; } = [];
    public IReadOnlyList<string> Metrics { get; private set; } = [];

    /// <summary>Length of the event log that the summary stands for, torn end included.</summary>
    public long Length { get; private set; }

    /// <summary>Its log may grow or its worker may die at any moment.</summary>
    public bool IsLive => Summary.State is RunState.Queued or RunState.Running;

    /// <summary>True while all points of the run are in memory.</summary>
    public bool IsLoaded => _projection is not null;

    /// <summary>Takes over what the index knows, without opening the log.</summary>
    public void Adopt(RunSummary summary, IReadOnlyList<RunEvaluated> evaluations, IReadOnlyList<string> metrics, long length) =>
        (Summary, Evaluations, Metrics, Length) = (summary, evaluations, metrics, length);

    /// <summary>Reads what has been added to the log. True when something about the run has changed.</summary>
    public bool Refresh()
    {
        // In this order: what a worker wrote before it died stands in the log when its death is seen.
        var alive = WorkerLock.Holder(Folder, time) is not null;
        Ticket = QueueTicket.Read(Folder);
        return Read() | Conclude(alive);
    }

    /// <summary>Reads what has been added to the log; asks whether the worker lives only where the log gives a reason to.</summary>
    public bool ReadNew()
    {
        var read = Read();
        if (Summary.State == RunState.Running && _projection!.Last is not { IsLast: true })
            return read && Conclude(alive: true);
        return (read || Summary.State == RunState.Running) && Refresh();
    }

    /// <summary>All points of a metric; reads the log where it is not in memory.</summary>
    public MetricColumn? Metric(string name)
    {
        Read();
        return _projection!.Metric(name);
    }

    /// <summary>True when the log or the queue has something that the summary does not stand for.</summary>
    public bool IsStale() => LengthOnDisk() != Length || QueueTicket.Read(Folder) is not null;

    /// <summary>Forgets all points; they stand in the log.</summary>
    public void Unload()
    {
        _reader?.Dispose();
        (_reader, _projection) = (null, null);
    }

    public void Dispose() => Unload();

    private bool Read()
    {
        _reader ??= new EventLogReader(Folder.Events);
        _projection ??= new RunProjection();
        var before = _projection.LastSeq;
        foreach (var next in _reader.ReadNew())
            _projection.Apply(next);
        return _projection.LastSeq != before;
    }

    private bool Conclude(bool alive)
    {
        var projection = _projection!;
        Length = LengthOnDisk();
        var (last, progress) = (projection.Last, projection.Progress);
        var state = last switch
        {
            RunFinished => RunState.Finished,
            _ when alive => RunState.Running,
            _ when Ticket is not null => RunState.Queued,
            RunFailed => RunState.Failed,
            // Only now that the process is gone.
            RunCancelled => RunState.Cancelled,
            _ => RunState.Interrupted,
        };
        var running = state == RunState.Running;
        var best = projection.Evaluations.Where(evaluated => !evaluated.Reference).Select(evaluated => (double?)evaluated.Miou).Max();
        var summary = new RunSummary(
            Spec,
            state,
            progress?.Stage,
            state == RunState.Finished ? 1 : progress?.Fraction ?? 0,
            running ? progress?.Eta : null,
            running ? progress?.ImagesPerSecond : null,
            best,
            _reader?.Damage ?? (state == RunState.Interrupted ? InterruptedMessage(projection) : projection.Message),
            projection.Started,
            running || state == RunState.Queued ? null : last?.Time,
            projection.LastSeq,
            null);
        if (summary == Summary)
            return false;
        if (projection.Evaluations.Count != Evaluations.Count || !projection.Evaluations.SequenceEqual(Evaluations))
            Evaluations = [.. projection.Evaluations];
        if (projection.Metrics.Count() != Metrics.Count)
            Metrics = [.. projection.Metrics.Order(StringComparer.Ordinal)];
        Summary = summary;
        return true;
    }

    private string InterruptedMessage(RunProjection projection) => projection.Started is null
        ? "The run has not begun. Resume it to begin."
        : $"The worker is gone without a last word; {Path.GetFileName(Folder.WorkerLog)} holds what it printed. Resume the run to go on from its last checkpoint.";

    private long LengthOnDisk()
    {
        var log = new FileInfo(Folder.Events);
        return log.Exists ? log.Length : 0;
    }
}
