using Dashboard.Tests.Inference;
using Dashboard.Tests.Runs;
using Dashboard.Web.Server;
using Microsoft.Extensions.Logging;

namespace Dashboard.Tests.Web;

public sealed class RestartedWorkTests
{
    [Fact]
    public async Task Work_Throws_IsLoggedAndStartedAgainEverLater()
    {
        var (time, log, calls) = (new ManualTime(), new Lines(), 0);
        using var work = new RestartedWork("queue of runs", stop => Interlocked.Increment(ref calls) < 4 ? throw new InvalidOperationException($"fault {calls}") : Task.Delay(Timeout.Infinite, stop), time, log);

        await work.StartAsync(CancellationToken.None);
        await TemporaryData.Until(() =>
        {
            time.Advance(RestartedWork.LongestPause);
            return Volatile.Read(ref calls) == 4;
        }, "the work to be started a fourth time");
        await work.StopAsync(CancellationToken.None);

        Assert.Equal([1, 2, 4], log.All.Select((line, i) => line == $"The queue of runs stopped and is started again in {1 << i} s: fault {i + 1}" ? 1 << i : -1));
    }

    private sealed class Lines : ILogger<RestartedWork>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Add(formatter(state, exception));
    }
}
