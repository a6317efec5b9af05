using Dashboard.Backend.Datasets;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>What a method sees of its run.</summary>
public sealed class RunContext
{
    public required RunFolder Folder { get; init; }
    public required RunSpec Spec { get; init; }
    public required IImageDataset Dataset { get; init; }

    /// <summary>Where the runs lie that this one starts from, and the models.</summary>
    public required DataFolder Data { get; init; }

    /// <summary>Why the run may not read an absolute path that stands in a file; null where it may: of the command line, everything.</summary>
    public Func<string, string?> Refuse { get; init; } = _ => null;

    /// <summary>The run that this one starts from in a role; null where the spec names none.</summary>
    public RunFolder? Input(string role) => Spec.Inputs.TryGetValue(role, out var id) ? Data.Run(id) : null;

    /// <summary>
    /// True when earlier events stand in the log: the method looks for the last complete checkpoint and reports <see cref="RunResumed"/>.
    /// </summary>
    public required bool IsResume { get; init; }

    /// <summary>Signalled when a person stops the run. Checked once a step.</summary>
    public required CancellationToken Stop { get; init; }

    /// <summary>Appends to the event log, in the caller's order, without waiting for the disk; sequence number and time are filled in.</summary>
    public required Action<RunEvent> Report { get; init; }

    /// <summary>Waits until everything reported is on the disk: before a checkpoint, which must not stand for steps whose events are lost.</summary>
    public required Action Flush { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The run's options as the method's record.</summary>
    /// <exception cref="InvalidRunException">The spec's options do not fit this version of the method: with every failure.</exception>
    public TOptions Options<TOptions>() where TOptions : MethodOptions
    {
        var failures = MethodCatalog.Get(Spec.Method).Schema.Read(Spec.Options, out var options);
        return options as TOptions ?? throw new InvalidRunException(failures);
    }
}
