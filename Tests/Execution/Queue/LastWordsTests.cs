using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Execution.Queue;

public sealed class LastWordsTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    /// <summary>Whoever looks whether a worker lives holds the lock for a moment; the run would wait for ever.</summary>
    [Fact]
    public async Task Speak_WhileSomebodyLooksAtTheRun_WaitsForIt()
    {
        var run = _data.Create("20260101-000000-cam-look");
        var looking = FileLock.TryTake(run.File("worker.lock"))!;

        var speaking = Task.Run(() => LastWords.Speak(run, TimeProvider.System, new RunCancelled()));
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        looking.Dispose();

        Assert.True(await speaking);
        Assert.IsType<RunCancelled>(EventLogReader.ReadLast(run.Events));
    }

    [Fact]
    public void Speak_WhileAWorkerHoldsTheRun_SaysNothing()
    {
        var run = _data.Create("20260101-000000-cam-held");
        using var worker = WorkerLock.TryTake(run, TimeProvider.System);

        Assert.False(LastWords.Speak(run, TimeProvider.System, new RunCancelled()));
        Assert.False(File.Exists(run.Events) && EventLogReader.ReadAll(run.Events).Any());
    }
}
