using System.Diagnostics;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly List<Process> _dashboards = [];

    public void Dispose()
    {
        foreach (var dashboard in _dashboards)
        {
            dashboard.Kill();
            dashboard.WaitForExit();
            dashboard.Dispose();
        }
        _data.Dispose();
    }

    [Fact]
    public async Task Serve_KilledWhileARunGoesOn_LosesNoEventAndStartsWhatIsQueued()
    {
        var first = Queue("first", "held", epochs: 3);
        var second = Queue("second", "", epochs: 1);
        var dashboard = await ServeAsync();
        await TemporaryData.Until(() => EventLogReader.ReadAll(first.Events).OfType<RunMetrics>().Any(), "the first run to begin");

        dashboard.Kill();
        await dashboard.WaitForExitAsync();
        Assert.NotNull(WorkerLock.Holder(first, TimeProvider.System));
        Assert.NotNull(QueueTicket.Read(second));
        await ServeAsync();
        CountingMethod.LetGo(first);
        await TemporaryData.Until(() => EventLogReader.ReadLast(second.Events) is RunFinished, "the second run to end");

        foreach (var folder in new[] { first, second })
        {
            var events = EventLogReader.ReadAll(folder.Events);
            Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(next => next.Seq));
            Assert.Single(events.OfType<RunStarted>());
            Assert.IsType<RunFinished>(events[^1]);
        }
    }

    [Fact]
    public async Task Resume_WhileADashboardServes_QueuesThere()
    {
        var folder = _data.Create("run", "throws");
        await _data.RunWorker(folder);
        var dashboard = await ServeAsync();

        var answer = await Shell.CallAsync("resume", "run", "--data", _data.Data.Path);

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("is queued", answer.Output);
        await TemporaryData.Until(() => EventLogReader.ReadAll(folder.Events).OfType<RunFailed>().Count() == 2,
            "the dashboard to have gone on with the run");
        Assert.DoesNotContain("libtorch", await File.ReadAllTextAsync($"/proc/{dashboard.Id}/maps"));
    }

    private RunFolder Queue(string id, string name, int epochs)
    {
        var folder = _data.Create(id, name, epochs);
        new QueueTicket(DateTimeOffset.UtcNow).Write(folder);
        return folder;
    }

    private async Task<Process> ServeAsync()
    {
        var dashboard = Shell.Start("serve", "--urls", "http://127.0.0.1:0", "--data", _data.Data.Path);
        _dashboards.Add(dashboard);
        _ = dashboard.StandardOutput.ReadToEndAsync();
        _ = dashboard.StandardError.ReadToEndAsync();
        await TemporaryData.Until(() => _data.Data.Leader(TimeProvider.System) is not null || dashboard.HasExited, "the dashboard");
        Assert.False(dashboard.HasExited);
        return dashboard;
    }
}
