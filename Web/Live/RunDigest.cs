using System.Collections.Immutable;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Live;

/// <summary>
/// What pages show of a run's events, curves apart: those go from the hub to the charts and never enter the circuit.
/// Immutable: read while the next one is made.
/// </summary>
public sealed record RunDigest
{
    /// <summary>Sentences kept for the events panel; the whole log stands in the run folder.</summary>
    private const int MaxLines = 500;

    /// <summary>Sequence number of the last event applied.</summary>
    public long LastSeq { get; private init; }

    public RunProgress? Progress { get; private init; }

    /// <summary>When the worker that runs now, or ran last, began: start or resume.</summary>
    public DateTimeOffset? WorkerSince { get; private init; }

    /// <summary>How often a worker has begun.</summary>
    public int Starts { get; private init; }

    /// <summary>The failure that ended the run; null unless it is the last word.</summary>
    public RunFailed? Failure { get; private init; }

    /// <summary>In the order of their steps.</summary>
    public ImmutableList<RunSnapshot> Snapshots { get; private init; } = [];

    public ImmutableList<RunEvaluated> Evaluations { get; private init; } = [];

    /// <summary>The last events that are worth a line: all that say something in a sentence.</summary>
    public ImmutableQueue<RunEvent> Lines { get; private init; } = [];

    public RunCheckpoint? LastCheckpoint { get; private init; }

    /// <summary>Null unless the run has finished.</summary>
    public RunFinished? Finish { get; private init; }

    /// <summary>The last one.</summary>
    public RunProfile? Profile { get; private init; }

    /// <summary>A method has counted its first step or image: what comes before it is the start.</summary>
    public bool HasBegun { get; private init; }

    /// <summary>Training steps an epoch, once an epoch has ended or progress was reported.</summary>
    public double? StepsPerEpoch { get; private init; }

    private int LineCount { get; init; }

    public RunDigest Apply(RunEvent next)
    {
        var counted = this with { LastSeq = next.Seq };
        return next switch
        {
            RunMetrics or RunSystem => counted,
            RunProgress progress => counted with
            {
                Progress = progress,
                HasBegun = HasBegun || progress.Steps > 0,
                StepsPerEpoch = StepsPerEpoch ?? EpochLength(progress.Steps, progress.Epochs),
            },
            _ => counted.WithLine(next).Take(next),
        };
    }

    private RunDigest Take(RunEvent next) => next switch
    {
        RunStarted started => this with { WorkerSince = started.Time, Starts = Starts + 1, Failure = null, HasBegun = false },
        RunResumed resumed => Void(resumed.Step) with { WorkerSince = resumed.Time, Starts = Starts + 1, Failure = null },
        RunSnapshot snapshot =>
            this with { Snapshots = Snapshots.Add(snapshot), StepsPerEpoch = EpochLength(snapshot.Step, snapshot.Epoch) ?? StepsPerEpoch },
        RunCheckpoint checkpoint =>
            this with { LastCheckpoint = checkpoint, StepsPerEpoch = EpochLength(checkpoint.Step, checkpoint.Epoch) ?? StepsPerEpoch },
        RunEvaluated evaluated => this with { Evaluations = Evaluations.Add(evaluated) },
        RunProfile profile => this with { Profile = profile },
        RunFinished finished => this with { Finish = finished },
        RunFailed failed => this with { Failure = failed },
        _ => this,
    };

    private RunDigest WithLine(RunEvent line) => LineCount < MaxLines
        ? this with { Lines = Lines.Enqueue(line), LineCount = LineCount + 1 }
        : this with { Lines = Lines.Enqueue(line).Dequeue() };

    /// <summary>The run goes on from an earlier step: what came after it will come again.</summary>
    private RunDigest Void(long step) => this with
    {
        Snapshots = Snapshots.RemoveAll(snapshot => snapshot.Step > step),
        // The last checkpoint's own step is scored after it was written: that score comes again.
        Evaluations = Evaluations.RemoveAll(evaluated =>
            evaluated.Step > step || (LastCheckpoint?.Step == step && evaluated.Seq > LastCheckpoint.Seq)),
        Progress = null,
    };

    private static double? EpochLength(long steps, int epochs) => steps > 0 && epochs > 0 ? (double)steps / epochs : null;
}
