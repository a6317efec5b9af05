using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Store;

/// <summary>What a run's events add up to. A pure function of the log: applying the same events again gives the same.</summary>
public sealed class RunProjection
{
    /// <summary>The metric that every method reports that trains.</summary>
    private const string Loss = "loss";

    private readonly Dictionary<string, MetricColumn> _metrics = new(StringComparer.Ordinal);
    private readonly List<RunEvaluated> _evaluations = [];
    private RunCheckpoint? _lastCheckpoint;
    private LossCurve _loss = new();
    private string? _picture;

    /// <summary>What a whole log adds up to.</summary>
    public static RunProjection Of(RunFolder folder)
    {
        using var reader = new EventLogReader(folder.Events);
        var projection = new RunProjection();
        foreach (var next in reader.ReadNew())
            projection.Apply(next);
        return projection;
    }

    public long LastSeq { get; private set; }
    public RunEvent? Last { get; private set; }
    public RunProgress? Progress { get; private set; }
    public string? Message { get; private set; }
    public DateTimeOffset? Started { get; private set; }

    /// <summary>The device of the last worker; null before the first.</summary>
    public string? Device { get; private set; }

    /// <summary>The host of the last worker; null before the first.</summary>
    public string? Host { get; private set; }

    /// <summary>Time that workers have spent on the run so far; the time between an interruption and the resume does not count.</summary>
    public TimeSpan Active { get; private set; }

    public IReadOnlyList<RunEvaluated> Evaluations => _evaluations;
    public IEnumerable<string> Metrics => _metrics.Keys;

    /// <summary>What a list shows of the results so far.</summary>
    /// <param name="main">The run's <see cref="MainScore"/>.</param>
    public RunGlance GlanceOf(RunEvaluated? main) =>
        new(main?.Interval?.Low, main?.Interval?.High, main?.Protocol.Stage, _picture, _loss.Letters());

    public MetricColumn? Metric(string name) => _metrics.GetValueOrDefault(name);

    public void Apply(RunEvent next)
    {
        if (Last is not null && next is not RunStarted && next.Time > Last.Time)
            Active += next.Time - Last.Time;
        switch (next)
        {
            case RunStarted started:
                Started ??= next.Time;
                (Device, Host) = (started.Device, started.Host);
                break;
            case RunResumed resumed:
                Void(resumed.Step);
                Message = $"Resumed after step {resumed.Step}.";
                break;
            case RunProgress progress:
                Progress = progress;
                break;
            case RunMetrics metrics:
                foreach (var (name, value) in metrics.Values)
                {
                    Column(name).Add(metrics.Step, metrics.Time, value);
                    if (name == Loss)
                        _loss.Add(value);
                }
                break;
            case RunSystem system:
                foreach (var (name, value) in system.Values)
                    Column(name).Add(system.Second, system.Time, value);
                break;
            case RunEvaluated evaluated:
                _evaluations.Add(evaluated);
                break;
            case RunSnapshot snapshot:
                _picture = snapshot.Panels.FirstOrDefault(panel => panel.Kind == "cam")?.File ?? _picture;
                break;
            case RunCheckpoint checkpoint:
                _lastCheckpoint = checkpoint;
                break;
            case RunLog log:
                Message = log.Message;
                break;
            case RunFailed failed:
                Message = failed.Message;
                break;
        }
        (LastSeq, Last) = (next.Seq, next);
    }

    private MetricColumn Column(string name)
    {
        if (!_metrics.TryGetValue(name, out var column))
            _metrics[name] = column = new MetricColumn();
        return column;
    }

    /// <summary>What stands in the log for steps after <paramref name="step"/> happened in a stretch that was lost.</summary>
    private void Void(long step)
    {
        // What was used of the machine was used, whatever came of it.
        foreach (var (name, column) in _metrics.Where(metric => !RunSystem.IsOwn(metric.Key)))
        {
            column.VoidAfter(step);
            if (column.Count == 0)
                _metrics.Remove(name);
        }
        _loss = new LossCurve();
        foreach (var value in Metric(Loss)?.Values ?? [])
            _loss.Add(value);
        // The last checkpoint's own step is scored after it was written: that score comes again.
        _evaluations.RemoveAll(evaluated => evaluated.Step > step || (_lastCheckpoint?.Step == step && evaluated.Seq > _lastCheckpoint.Seq));
        // Its steps may be those of another stage; the worker soon says where it stands.
        Progress = null;
    }
}
