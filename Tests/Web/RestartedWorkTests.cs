using System.Diagnostics;
using Dashboard.Backend.Runs.Store;
using Dashboard.Tests.Inference;
using Dashboard.Tests.Runs;
using Dashboard.Web.Server;

namespace Dashboard.Tests.Web;

public sealed class RestartedWorkTests
{
    [Fact]
    public async Task Work_Throws_IsLoggedAndStartedAgainEverLater()
    {
        var (time, log, calls) = (new ManualTime(), new KeptLog<RestartedWork>(), 0);
        using var work =
            new RestartedWork("queue of runs",
                stop => Interlocked.Increment(ref calls) < 4 ? throw new InvalidOperationException($"fault {calls}") : Task.Delay(Timeout.Infinite,
                stop), time, log);

        await work.StartAsync(CancellationToken.None);
        await TemporaryData.Until(() =>
        {
            time.Advance(RestartedWork.LongestPause);
            return Volatile.Read(ref calls) == 4;
        }, "the work to be started a fourth time");
        await work.StopAsync(CancellationToken.None);

        Assert.Equal([1, 2, 4],
            log.Lines.Select((line, i) => line == $"The queue of runs stopped and is started again in {1 << i} s: fault {i + 1}" ? 1 << i : -1));
    }

    /// <summary>The folder of runs becomes one that nobody can read, not even root: that of the network of a process that has ended.</summary>
    [Fact]
    public async Task Following_FolderThatCannotBeRead_IsLoggedAndGoesOnWhenItCan()
    {
        using var data = new TemporaryData();
        using var store = RunStore.Follow(data.Data, TimeProvider.System);
        var log = new KeptLog<RestartedWork>();
        using var work = new RestartedWork("following of runs", store.FollowAsync, TimeProvider.System, log);
        await work.StartAsync(CancellationToken.None);
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 0 & echo $!; exec sleep 600"]) { RedirectStandardOutput = true })!;
        var ended = await parent.StandardOutput.ReadLineAsync();
        var (runs, aside) = (data.Data.Runs, data.Data.Runs + "-aside");
        try
        {
            Directory.Move(runs, aside);
            Directory.CreateSymbolicLink(runs, $"/proc/{ended}/net");
            await TemporaryData.Until(() => log.Lines.Any(line =>
                line.StartsWith("The following of runs stopped and is started again", StringComparison.Ordinal)), "the fault to be logged");
        }
        finally
        {
            File.Delete(runs);
            Directory.Move(aside, runs);
            parent.Kill();
        }
        data.Create("20260101-000000-cam-back");

        await TemporaryData.Until(() => store.Find("20260101-000000-cam-back") is not null, "the run to be found");
        await work.StopAsync(CancellationToken.None);
    }
}
