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

/// <summary>States as sentences say them.</summary>
public static class RunStateSentences
{
    /// <summary>What follows a run's name: "has failed", "is running".</summary>
    public static string AsVerb(this RunState state) => state switch
    {
        RunState.Finished => "has finished",
        RunState.Failed => "has failed",
        RunState.Cancelled => "was cancelled",
        RunState.Interrupted => "was interrupted",
        _ => $"is {state.ToString().ToLowerInvariant()}",
    };
}
