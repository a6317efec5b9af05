namespace Dashboard.Domain.Runs;

/// <summary>Where a run stands. <see cref="Interrupted"/> means that its worker is gone without having said why; it can be resumed.</summary>
public enum RunState
{
    Queued,
    Running,
    Finished,
    Failed,
    Cancelled,
    Interrupted,

    /// <summary>Its spec or its event log cannot be read; the message says which file, where and why.</summary>
    Damaged,
}
