using Dashboard.Domain.Runs;

namespace Dashboard.Web.Components.Pages.RunPanels;

/// <summary>
/// What the run page shows of a run's events, curves apart: those go from the hub to the charts and never enter the circuit.
/// Not thread-safe.
/// </summary>
public sealed class RunDigest
{
    /// <summary>Sentences kept for the events panel; the whole log stands in the run folder.</summary>
    private const int MaxLines = 500;

    private readonly List<RunSnapshot> _snapshots = [];
    private readonly List<RunEvaluated> _evaluations = [];
    private readonly Queue<RunEvent> _lines = [];

    /// <summary>Sequence number of the last event applied.</summary>
    public long LastSeq { get; private set; }

    public RunProgress? Progress { get; private set; }
    public RunStarted? Started { get; private set; }

    /// <summary>When the worker that runs now, or ran last, began: start or resume.</summary>
    public DateTimeOffset? WorkerSince { get; private set; }

    /// <summary>The failure that ended the run; null unless it is the last word.</summary>
    public RunFailed? Failure { get; private set; }

    /// <summary>In the order of their steps.</summary>
    public IReadOnlyList<RunSnapshot> Snapshots => _snapshots;

    public IReadOnlyList<RunEvaluated> Evaluations => _evaluations;

    /// <summary>The last events that are worth a line: all but metrics and progress.</summary>
    public IReadOnlyCollection<RunEvent> Lines => _lines;

    public RunCheckpoint? LastCheckpoint { get; private set; }

    /// <summary>Training steps an epoch, once an epoch has ended or progress was reported.</summary>
    public double? StepsPerEpoch { get; private set; }

    public void Apply(RunEvent next)
    {
        LastSeq = next.Seq;
        if (next is not (RunMetrics or RunProgress))
            AddLine(next);
        switch (next)
        {
            case RunStarted started:
                (Started, WorkerSince, Failure) = (started, started.Time, null);
                break;
            case RunResumed resumed:
                (WorkerSince, Failure) = (resumed.Time, null);
                Void(resumed.Step);
                break;
            case RunProgress progress:
                Progress = progress;
                if (progress is { Epochs: > 0, Steps: > 0 })
                    StepsPerEpoch ??= (double)progress.Steps / progress.Epochs;
                break;
            case RunSnapshot snapshot:
                _snapshots.Add(snapshot);
                LearnEpochLength(snapshot.Step, snapshot.Epoch);
                break;
            case RunCheckpoint checkpoint:
                LastCheckpoint = checkpoint;
                LearnEpochLength(checkpoint.Step, checkpoint.Epoch);
                break;
            case RunEvaluated evaluated:
                _evaluations.Add(evaluated);
                break;
            case RunFailed failed:
                Failure = failed;
                break;
        }
    }

    private void AddLine(RunEvent line)
    {
        _lines.Enqueue(line);
        if (_lines.Count > MaxLines)
            _lines.Dequeue();
    }

    private void LearnEpochLength(long step, int epoch)
    {
        if (epoch > 0 && step > 0)
            StepsPerEpoch = (double)step / epoch;
    }

    /// <summary>The run goes on from an earlier step: what came after it will come again.</summary>
    private void Void(long step)
    {
        _snapshots.RemoveAll(snapshot => snapshot.Step > step);
        _evaluations.RemoveAll(evaluated => evaluated.Step > step);
        if (Progress?.Step > step)
            Progress = null;
    }
}
