namespace Dashboard.Backend.Runs;

/// <summary>Work on a thread of its own, for disks may be slow. It may be started again after it failed, and ends with its owner.</summary>
internal sealed class OwnThread : IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private Task _working = Task.CompletedTask;

    /// <param name="work">Returns when it is told to stop.</param>
    public Task RunAsync(Action<CancellationToken> work, CancellationToken stop) => _working = Task.Factory.StartNew(
        () =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _closing.Token);
            work(either.Token);
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Ends the work; how it ended is known to whoever started it.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        Task.WaitAny(_working);
        _closing.Dispose();
    }
}
