namespace Dashboard.Backend.Execution;

/// <summary>Who may write to a run's event log: its worker, or whoever speaks the last word for a worker that is gone.</summary>
public static class WorkerLock
{
    private const string Name = "worker";

    /// <inheritdoc cref="ProcessLock.TryTake"/>
    public static ProcessLock? TryTake(RunFolder folder, TimeProvider time) => ProcessLock.TryTake(folder.Path, Name, time);

    /// <inheritdoc cref="ProcessLock.Holder"/>
    public static ProcessIdentity? Holder(RunFolder folder, TimeProvider time) => ProcessLock.Holder(folder.Path, Name, time);
}
