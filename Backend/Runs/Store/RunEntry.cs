using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Store;

/// <summary>One run as the store keeps it. Not thread-safe: the store holds <see cref="Sync"/> around it.</summary>
internal sealed class RunEntry(RunFolder folder, TimeProvider time, RunRecipes? recipes = null) : IDisposable
{
    /// <summary>Characters of a name or message that a list has room for; the whole ones stand in the folder.</summary>
    private const int LongestText = 2000;

    private EventLogReader? _reader;
    private RunProjection? _projection;
    private string? _launchedAs;
    private string _recipe = "";
    private RunLabels _labels = RunLabels.None;
    private long _labelled;
    private long? _doubted;

    /// <summary>What the folder looked like before it was read: what comes while it is read is then seen at the next look.</summary>
    private RunStamp _looked = RunStamp.None;

    public Lock Sync { get; } = new();
    public RunFolder Folder { get; } = folder;
    public RunSpec Spec => Summary.Spec;
    public QueueTicket? Ticket { get; private set; }
    public RunSummary Summary { get; private set; } =
        Empty(RunSpec.Unreadable(folder.Id, Directory.GetLastWriteTimeUtc(folder.Path)), RunState.Interrupted, null);
    public IReadOnlyList<RunEvaluated> Evaluations { get; private set; } = [];
    public IReadOnlyList<string> Metrics { get; private set; } = [];

    /// <summary>What the folder looked like that the summary stands for.</summary>
    public RunStamp Stamp { get; private set; } = RunStamp.None;

    /// <summary>Its log may grow or its worker may die at any moment.</summary>
    public bool IsLive => Summary.State is RunState.Queued or RunState.Running;

    /// <summary>Shows the run as damaged: something in its folder cannot be read. The next look may find it mended.</summary>
    public bool Fail(string message)
    {
        Unload();
        Stamp = _looked;
        var failed = Empty(Spec, RunState.Damaged, Shorten(message));
        if (failed == Summary)
            return false;
        (Summary, Evaluations, Metrics) = (failed, [], []);
        return true;
    }

    /// <summary>Reads what has been added to the log. True when something about the run has changed.</summary>
    /// <exception cref="InvalidDataException">The spec is damaged: names the file and the place.</exception>
    public bool Refresh()
    {
        _looked = RunStamp.Of(Folder, isDamaged: true);
        if (!Spec.IsReadable)
            ReadSpec();
        ReadLabels();
        // In this order: what a worker wrote before it died stands in the log when its death is seen.
        var alive = WorkerLock.Holder(Folder, time) is not null;
        Ticket = QueueTicket.Read(Folder);
        // Opened anew, because that is when a network file system asks its server how long the log is now.
        _reader?.Reopen();
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

    /// <summary>Forgets all points; they stand in the log.</summary>
    public void Unload(bool unlessLive = false)
    {
        if (unlessLive && IsLive)
            return;
        _reader?.Dispose();
        (_reader, _projection) = (null, null);
    }

    public void Dispose() => Unload();

    private void ReadSpec()
    {
        // The folder's name is the identifier: a copied folder is a run of its own.
        var spec = Folder.ReadSpec() with { Id = Folder.Id };
        (_launchedAs, _recipe) = (Shorten(spec.Name), recipes?.Of(spec) ?? "");
        Summary = Summary with
        {
            Spec = spec with { Name = _labels.Name ?? _launchedAs, Group = Shorten(spec.Group), Preset = Shorten(spec.Preset) },
        };
    }

    private void ReadLabels()
    {
        var labelled = RunStamp.LabelledAt(Folder);
        if (labelled == _labelled)
            return;
        _labelled = labelled;
        var labels = RunLabelsFile.ReadOrNone(Folder);
        _labels = labels with { Notes = Shorten(labels.Notes) };
    }

    private bool Read()
    {
        _reader ??= new EventLogReader(Folder.Events);
        _projection ??= new RunProjection();
        var before = _projection.LastSeq;
        foreach (var next in _reader.ReadNew())
            _projection.Apply(next);
        if (_projection.LastSeq == before)
            return false;
        // Who writes is there, whatever else can be seen.
        _doubted = null;
        return true;
    }

    private bool Conclude(bool alive)
    {
        var (projection, damage) = (_projection!, _reader!.Damage);
        Stamp = damage is null ? _looked with { Written = 0 } : _looked;
        var (last, progress) = (projection.Last, projection.Progress);
        var state = last switch
        {
            RunFinished => RunState.Finished,
            _ when alive => RunState.Running,
            _ when Ticket is not null => RunState.Queued,
            _ when damage is not null => RunState.Damaged,
            _ when IsInDoubt(last) => last is null or { IsLast: true } ? RunState.Queued : RunState.Running,
            RunFailed => RunState.Failed,
            // Only now that the process is gone.
            RunCancelled => RunState.Cancelled,
            _ => RunState.Interrupted,
        };
        if (alive || Ticket is not null)
            _doubted = null;
        var running = state == RunState.Running;
        var main = MainScore.Of(Spec, projection.Evaluations);
        var name = _labels.Name ?? _launchedAs;
        var summary = new RunSummary(
            Spec.Name == name ? Spec : Spec with { Name = name },
            state,
            Shorten(progress?.Stage),
            state == RunState.Finished ? 1 : Share(progress?.Fraction),
            running ? Amount(progress?.Eta) : null,
            running ? Amount(progress?.ImagesPerSecond) : null,
            main?.Miou,
            Shorten(damage is null ? state == RunState.Interrupted ? InterruptedMessage(projection) : projection.Message : Repair(damage, state)),
            projection.Started,
            running || state == RunState.Queued ? null : last?.Time,
            projection.LastSeq,
            null)
        {
            Glance = projection.GlanceOf(main),
            Labels = _labels,
            Recipe = _recipe,
            StartedOn = projection.Device,
            Host = projection.Host,
            // Of a run that is queued again, the last one's job is past.
            Job = RunJob.Read(Folder) is { } job && (state != RunState.Queued || job.Queued == Ticket?.Since) ? job : null,
        };
        if (summary == Summary)
            return false;
        if (projection.Evaluations.Count != Evaluations.Count || !projection.Evaluations.SequenceEqual(Evaluations))
            Evaluations = [.. projection.Evaluations];
        if (projection.Metrics.Count() != Metrics.Count)
            Metrics = [.. projection.Metrics.Order(StringComparer.Ordinal)];
        Summary = summary;
        return true;
    }

    /// <summary>
    /// Another host's worker seems to be gone without a last word, or a ticket without a worker: for a while the rest may still be on its way.
    /// </summary>
    private bool IsInDoubt(RunEvent? last)
    {
        var hasBegun = last is { IsLast: false } && _projection!.Host != Environment.MachineName;
        var isDoubtful = Summary.State switch
        {
            RunState.Queued => !QueueTicket.IsThere(Folder) && (hasBegun || _projection!.LastSeq == Summary.LastSeq),
            RunState.Running => hasBegun,
            _ => false,
        };
        if (!isDoubtful)
            return false;
        _doubted ??= time.GetTimestamp();
        return time.GetElapsedTime(_doubted.Value) < SharedFolder.Lag;
    }

    private static string Repair(string damage, RunState state) => state == RunState.Damaged
        ? $"{damage} Resume the run to go on from its last checkpoint: what follows the last sound line is cut off then, and kept in a copy beside "
            + "it."
        : damage;

    private string InterruptedMessage(RunProjection projection) => (projection.Started, QueueTicket.IsThere(Folder)) switch
    {
        (null, true) =>
            "The run has not begun, and its queued.json is of no use: it is damaged, or the program that would have started the run is gone. "
            + "Resume the run to begin it.",
        (null, false) => "The run has not begun. Resume it to begin.",
        _ => $"The worker has ended without saying why; {Path.GetFileName(Folder.WorkerLog)} holds what it printed. Resume the run to go on from "
            + "its last checkpoint.",
    };

    private static RunSummary Empty(RunSpec spec, RunState state, string? message) =>
        new(spec, state, null, 0, null, null, null, message, null, null, 0, null);

    private static double Share(double? value) => value is >= 0 and <= 1 ? value.Value : value > 1 ? 1 : 0;

    private static double? Amount(double? value) => value is >= 0 and < double.PositiveInfinity ? value : null;

    private static string? Shorten(string? text) => text?.Length > LongestText ? text[..LongestText] + " ..." : text;
}
