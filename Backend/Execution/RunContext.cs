using Dashboard.Backend.Datasets;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution;

/// <summary>What a method sees of its run.</summary>
public sealed class RunContext
{
    public required RunFolder Folder { get; init; }
    public required RunSpec Spec { get; init; }
    public required IImageDataset Dataset { get; init; }

    /// <summary>True when earlier events stand in the log: the method looks for the last complete checkpoint and reports <see cref="RunResumed"/>.</summary>
    public required bool IsResume { get; init; }

    /// <summary>Signalled when a person stops the run. Checked once a step.</summary>
    public required CancellationToken Stop { get; init; }

    /// <summary>Appends to the event log, in the caller's order, without waiting for the disk; sequence number and time are filled in.</summary>
    public required Action<RunEvent> Report { get; init; }

    public required TimeProvider Time { get; init; }
}
