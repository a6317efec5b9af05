using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Tests.Execution.Queue;

public sealed class RunSchedulerTests : IDisposable
{
    private readonly TemporaryData _data = new();

    /// <summary>Its stop has been asked for and not been done yet; the device is free meanwhile.</summary>
    [Fact]
    public async Task Round_FirstInTheQueueIsBeingStopped_StartsTheNext()
    {
        foreach (var id in (string[])["first", "second"])
            RunResumption.Queue(_data.Create(id), TimeProvider.System);
        using var store = _data.OpenStore();
        using var scheduler = new RunScheduler(store, _data.ExecutorOn(["cpu"]), TimeProvider.System, NullLogger.Instance,
            isStopping: id => id == "first", mayStart: () => true);

        scheduler.Round();

        await TemporaryData.Until(() => store.Runs.Any(run => run.State == RunState.Finished), "a run to end");
        Assert.Equal((RunState.Queued, RunState.Finished), (store.Find("first")!.State, store.Find("second")!.State));
    }

    public void Dispose() => _data.Dispose();
}
