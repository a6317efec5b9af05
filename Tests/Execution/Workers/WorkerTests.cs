using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Execution.Workers;

public sealed class WorkerTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Worker_WholeRun_EndsWithFinishedAndExitCode0()
    {
        var folder = _data.Create("run", epochs: 2);

        Assert.Equal(0, await _data.RunWorker(folder));

        var events = EventLogReader.ReadAll(folder.Events);
        Assert.IsType<RunStarted>(events[0]);
        Assert.Equal(CodeVersion.Current, ((RunStarted)events[0]).CodeVersion);
        Assert.IsType<RunFinished>(events[^1]);
        Assert.Equal(20, events.OfType<RunMetrics>().Count());
        Assert.Equal([RunStages.Data, RunStages.Network, "train"], events.OfType<RunProgress>().Select(progress => progress.Stage).Distinct());
        // What the run says of itself stands in the log of its worker, too.
        Assert.Equal(
            events.Select(RunEventText.Sentence).OfType<string>(),
            File.ReadLines(folder.WorkerLog).Select(line => line["2026-01-01 00:00:00 ".Length..]));
        Assert.Equal("background", ClassNamesFile.Read(folder)[0]);
        Assert.False(File.Exists(folder.File("reserve")));
        Assert.Null(WorkerLock.Holder(folder, TimeProvider.System));
    }

    [Fact]
    public async Task Worker_MethodThrows_EndsWithFailedAndItsMessage()
    {
        var folder = _data.Create("run", "throws");

        Assert.Equal(1, await _data.RunWorker(folder));

        var failed = Assert.IsType<RunFailed>(EventLogReader.ReadAll(folder.Events)[^1]);
        Assert.Equal("image 7.jpg is damaged. Replace it.", failed.Message);
        Assert.Contains("CountingMethod", failed.Detail);
        Assert.Contains("image 7.jpg", File.ReadAllText(folder.WorkerLog));
    }

    [Fact]
    public async Task Worker_DiesInNativeCode_LeavesNoLastWordButItsOutput()
    {
        var folder = _data.Create("run", "dies");

        Assert.NotEqual(0, await _data.RunWorker(folder));

        Assert.DoesNotContain(EventLogReader.ReadAll(folder.Events), next => next.IsLast);
        Assert.Contains("as a native library would", File.ReadAllText(folder.WorkerLog));
        Assert.Null(WorkerLock.Holder(folder, TimeProvider.System));
    }

    [Fact]
    public async Task Worker_SecondOnOneFolder_IsRefusedAndTouchesNothing()
    {
        var folder = _data.Create("run", "slow", epochs: 1000);
        using var first = _data.Program.StartWorker(folder);
        await TemporaryData.Until(() => EventLogReader.ReadAll(folder.Events).Count > 2, "the first worker to begin");

        Assert.Equal(1, await _data.RunWorker(folder));

        Assert.Contains($"another worker executes this run (process {first.Id} on", File.ReadAllText(folder.WorkerLog));
        Assert.Single(EventLogReader.ReadAll(folder.Events).OfType<RunStarted>());
        Assert.Equal(first.Id, WorkerLock.Holder(folder, TimeProvider.System)!.ProcessId);
    }

    [Fact]
    public async Task Worker_FinishedRun_IsRefused()
    {
        var folder = _data.Create("run");
        await _data.RunWorker(folder);
        var before = File.ReadAllText(folder.Events);

        Assert.Equal(1, await _data.RunWorker(folder));

        Assert.Equal(before, File.ReadAllText(folder.Events));
        Assert.Contains("the run is over", File.ReadAllText(folder.WorkerLog));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(45)]
    [InlineData(90)]
    public async Task Worker_KilledAndResumed_GivesTheValuesOfAnUndisturbedRun(int stepsBeforeKill)
    {
        // As many steps as keep it busy until a busy machine comes to kill it.
        var undisturbed = _data.Create("undisturbed", epochs: 100);
        await _data.RunWorker(undisturbed);
        var folder = _data.Create("disturbed", "slow", epochs: 100);
        using (var process = _data.Program.StartWorker(folder))
        {
            await TemporaryData.Until(() => EventLogReader.ReadAll(folder.Events).OfType<RunMetrics>().Count() > stepsBeforeKill, "some steps");
            process.Kill();
            await process.WaitForExitAsync();
        }
        File.AppendAllText(folder.Events, "{\"seq\":77,\"ty");

        Assert.Equal(0, await _data.RunWorker(folder));

        var events = EventLogReader.ReadAll(folder.Events);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(next => next.Seq));
        Assert.Single(events.OfType<RunResumed>());
        Assert.Equal(Curve(undisturbed), Curve(folder));
    }

    /// <summary>As a worker leaves them that is killed while it writes: of this process, which lives, they stay.</summary>
    [Fact]
    public async Task Worker_KilledWhileItWrote_LeavesNothingAsideOnceResumed()
    {
        var folder = _data.Create("run", "slow", epochs: 100);
        using var process = _data.Program.StartWorker(folder);
        await TemporaryData.Until(() => EventLogReader.ReadAll(folder.Events).OfType<RunMetrics>().Any(), "the first step");
        process.Kill();
        await process.WaitForExitAsync();
        Directory.CreateDirectory(folder.Cams);
        string[] dead = [folder.File($"cams/a.cam.{process.Id}.7.new"), folder.File($"model.safetensors.{process.Id}.1.new")];
        string[] others = [folder.File($"cams/a.cam.{Environment.ProcessId}.7.new"), folder.File("cams/b.new"), folder.File("cams/a.cam")];
        foreach (var path in dead.Concat(others))
            File.WriteAllText(path, "");

        Assert.Equal(0, await _data.RunWorker(folder));

        Assert.All(dead, path => Assert.False(File.Exists(path), path));
        Assert.All(others, path => Assert.True(File.Exists(path), path));
    }

    /// <summary>From another machine no signal comes: what is left in the folder is enough.</summary>
    [Fact]
    public async Task Worker_StopRequestInItsFolder_EndsTheRunAsCancelled()
    {
        var folder = _data.Create("run", "held");
        using var process = _data.Program.StartWorker(folder);
        await TemporaryData.Until(() => EventLogReader.ReadAll(folder.Events).OfType<RunMetrics>().Any(), "the first step");

        StopRequest.Write(folder);
        await process.WaitForExitAsync();

        Assert.IsType<RunCancelled>(EventLogReader.ReadLast(folder.Events));
        Assert.False(StopRequest.Exists(folder));
    }

    /// <summary>As another host does when this worker has been silent for too long.</summary>
    [Fact]
    public async Task Worker_WhoseRunWasTakenFromIt_EndsAndWritesNothingMore()
    {
        var folder = _data.Create("run", "slow", epochs: 100_000);
        using var process = _data.Program.StartWorker(folder);
        await TemporaryData.Until(() => EventLogReader.ReadAll(folder.Events).OfType<RunMetrics>().Any(), "the first step");

        File.WriteAllText(folder.File("worker.2.json"), "");
        File.Delete(folder.File("worker.1.json"));
        await process.WaitForExitAsync();

        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("the run was taken from it", await File.ReadAllTextAsync(folder.WorkerLog), StringComparison.Ordinal);
        Assert.DoesNotContain(EventLogReader.ReadAll(folder.Events), next => next.IsLast);
    }

    [Fact]
    public async Task Worker_ToldToEndByTheSystem_LeavesTheRunInterrupted()
    {
        var folder = _data.Create("run", "slow", epochs: 1000);
        using var process = _data.Program.StartWorker(folder);
        await TemporaryData.Until(() => EventLogReader.ReadAll(folder.Events).OfType<RunMetrics>().Any(), "the first step");

        WorkerLock.Holder(folder, TimeProvider.System)!.Send(UnixSignal.Terminate);
        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.DoesNotContain(EventLogReader.ReadAll(folder.Events), next => next.IsLast);
    }

    [Fact]
    public async Task Worker_FaultOfTheProgram_EndsWithOneSentenceAndDetailsInItsLog()
    {
        var folder = _data.Create("run", "errs");

        Assert.Equal(1, await _data.RunWorker(folder));

        var failed = Assert.IsType<RunFailed>(EventLogReader.ReadAll(folder.Events)[^1]);
        Assert.Equal("The run failed unexpectedly: index 7 is not below 7. The details are in worker.log, in the run's folder.", failed.Message);
        Assert.Contains("native.cpp:99", await File.ReadAllTextAsync(folder.WorkerLog), StringComparison.Ordinal);
    }

    [SmallDiskFact]
    public async Task Worker_DiskFull_FailsWithOneMessageAndLosesNothingWritten()
    {
        using var small = SmallDisk.Mount(_data.Data.Path);
        var folder = _data.Create("run", "fills");

        Assert.Equal(1, await _data.RunWorker(folder));

        var events = EventLogReader.ReadAll(folder.Events);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(next => next.Seq));
        Assert.Equal(CountingMethod.StepsPerEpoch, events.OfType<RunMetrics>().Count());
        var failed = Assert.IsType<RunFailed>(events[^1]);
        Assert.Equal($"{folder.Events} cannot be written: the disk is full. Free some space, then resume the run.", failed.Message);
    }

    private static IReadOnlyList<(long, double)> Curve(RunFolder folder)
    {
        var series = RunProjection.Of(folder).Metric("loss")!.Thin("", "loss", 0, long.MaxValue, int.MaxValue);
        return [.. series.Steps.Zip(series.Last)];
    }
}
