using System.Runtime.InteropServices;
using System.Text.Json;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

public sealed partial class PipelineCommandTests : IDisposable
{
    private const int InterruptSignal = 2;
    private const int KillSignal = 9;

    private readonly TemporaryData _data = new();
    private readonly string _dataset;

    public PipelineCommandTests()
    {
        _dataset = Path.Combine(_data.Data.Path, "mini");
        CooccurrenceWorld.Make(_dataset, train: 1, val: 1, size: 16);
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Pipeline_WithJson_PrintsEveryStageInOneObject()
    {
        var answer = await Shell.CallAsync([.. Command(["--seed", "3", "--set", "clims.epochs=1", "--json"])]);

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal(1, answer.Output.Count(letter => letter == '\n'));
        var result = JsonDocument.Parse(answer.LastLine).RootElement;
        Assert.Equal("clims-seeds", result.GetProperty("pipeline").GetString());
        Assert.Equal(0.28, result.GetProperty("miou").GetDouble(), 12);
        Assert.True(result.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(["cam cam False", "clims clims False"],
            Stages(result).Select(stage => $"{stage.GetProperty("stage")} {stage.GetProperty("method")} {stage.GetProperty("reused")}"));
        Assert.All(Stages(result), stage =>
        {
            Assert.Equal(0.28, stage.GetProperty("miou").GetDouble(), 12);
            Assert.Equal(0.5, stage.GetProperty("perClass").GetProperty("background").GetDouble());
            Assert.Equal("val", stage.GetProperty("protocol").GetProperty("split").GetString());
            Assert.True(stage.GetProperty("seconds").GetDouble() > 0);
        });
        var clims = _data.Data.Run(Stages(result)[1].GetProperty("run").GetString()!).ReadSpec();
        Assert.Equal((3, 1, Stages(result)[0].GetProperty("run").GetString()),
            (clims.Seed, clims.Options["epochs"]!.GetValue<int>(), clims.Inputs["baseline"]));
    }

    [Fact]
    public async Task Pipeline_ChangedLastStage_RunsThatAlone_AndAnotherNameNothing()
    {
        var first = await Result("--json");
        var changed = await Result("--set", "clims.epochs=1", "--json");
        var named = await Result("--name", "another", "--json");

        Assert.Equal([true, false], Stages(changed).Select(stage => stage.GetProperty("reused").GetBoolean()));
        Assert.Equal([true, true], Stages(named).Select(stage => stage.GetProperty("reused").GetBoolean()));
        Assert.Equal(Stages(first).Select(stage => stage.GetProperty("run").GetString()),
            Stages(named).Select(stage => stage.GetProperty("run").GetString()));
        Assert.Equal(0, named.GetProperty("seconds").GetDouble());
        Assert.Equal(3, Directory.GetDirectories(_data.Data.Runs).Length);
    }

    [Fact]
    public async Task Pipeline_Plan_QueuesNothing()
    {
        var plan = await Result("--plan", "--json");

        Assert.Equal(["cam make", "clims make"],
            Stages(plan).Select(stage => $"{stage.GetProperty("stage")} {stage.GetProperty("step").GetString()}"));
        Assert.False(Directory.Exists(_data.Data.Runs));
        Assert.Equal(["cam", "clims"],
            (await Ask("--plan")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task Pipeline_WrongAssignments_AreAllNamed()
    {
        var answer = await Ask("--set", "clims.epochs=0", "--set", "segment.epochs=1", "--set", "epochs=1", "--json");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("clims: epochs: '0' is not a whole number from 1 to 1000", answer.Error);
        Assert.Contains("segment: there is no such stage. The stages are cam, clims.", answer.Error);
        Assert.Contains("'epochs=1' is not of the form STAGE.OPTION=VALUE", answer.Error);
        Assert.Contains("Known pipelines: ", (await Shell.AskAsync("pipeline", "nosuch", "--dataset", _dataset, "--data", _data.Data.Path)).Error);
        Assert.False(Directory.Exists(_data.Data.Runs));
    }

    [Fact]
    public async Task Pipeline_StageFails_SaysWhyAndEndsWhatFollows()
    {
        var answer = await Ask("--name", "throws", "--json");

        Assert.Equal(1, answer.ExitCode);
        var result = JsonDocument.Parse(answer.LastLine).RootElement;
        Assert.StartsWith("cam has failed. image 7.jpg is damaged. Replace it.", result.GetProperty("error").GetString());
        Assert.Equal([false, false], Stages(result).Select(stage => stage.GetProperty("reused").GetBoolean()));
        Assert.All(Runs(), run => Assert.IsType<RunFailed>(EventLogReader.ReadLast(run.Events)));
    }

    [Fact]
    public async Task Pipeline_CtrlC_StopsIt_AndTheSameCommandGoesOn()
    {
        using var process = Start();
        var cam = await BegunAsync("cam");

        Assert.Equal(0, Kill(process.Id, InterruptSignal));
        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.All(Runs(), run => Assert.IsType<RunCancelled>(EventLogReader.ReadLast(run.Events)));
        await FinishAsync(cam);
    }

    /// <summary><c>kill -9</c> of the command and of the stage's worker, in the first stage and in the second.</summary>
    [Theory]
    [InlineData("cam")]
    [InlineData("clims")]
    public async Task Pipeline_KilledInAStage_TheSameCommandGoesOn(string stage)
    {
        using var process = Start();
        var run = await BegunAsync(stage);

        Assert.Equal(0, Kill(process.Id, KillSignal));
        WorkerLock.Holder(run, TimeProvider.System)!.Send(UnixSignal.Kill);
        await process.WaitForExitAsync();

        await FinishAsync(run);
    }

    /// <summary>The worker outlives the command, and the next one waits for it.</summary>
    [Fact]
    public async Task Pipeline_CommandKilledAlone_TheSameCommandWaitsForTheWorker()
    {
        using var process = Start();
        var run = await BegunAsync("cam");
        Assert.Equal(0, Kill(process.Id, KillSignal));
        await process.WaitForExitAsync();

        var result = await Result("--set", "cam.epochs=40", "--set", "clims.epochs=40", "--json");

        Assert.Equal([run.Id], Stages(result).Take(1).Select(known => known.GetProperty("run").GetString()));
        Assert.DoesNotContain(EventLogReader.ReadAll(run.Events), next => next is RunResumed);
        Assert.Equal(2, Runs().Count);
    }

    /// <summary>Numbers as of an undisturbed run; every stage once.</summary>
    private async Task FinishAsync(RunFolder disturbed)
    {
        var result = await Result("--set", "cam.epochs=40", "--set", "clims.epochs=40", "--json");

        Assert.Equal(2, Runs().Count);
        Assert.Equal(0.25, result.GetProperty("miou").GetDouble());
        Assert.Contains(EventLogReader.ReadAll(disturbed.Events), next => next is RunResumed);
        Assert.All(Runs(), run =>
        {
            var projection = RunProjection.Of(run);
            Assert.Equal((400, CountingMethod.Loss(0, 400)), (projection.Metric("loss")!.Count, projection.Metric("loss")!.Last));
            Assert.Single(projection.Evaluations);
            Assert.Single(EventLogReader.ReadAll(run.Events).OfType<RunFinished>());
        });
    }

    private async Task<RunFolder> BegunAsync(string method)
    {
        RunFolder? begun = null;
        await TemporaryData.Until(
            () => (begun = Runs().FirstOrDefault(run => run.ReadSpec().Method == method)) is not null && EventLogReader.ReadAll(
                begun.Events).OfType<RunCheckpoint>().Any(), $"a checkpoint of {method}");
        return begun!;
    }

    private List<RunFolder> Runs() =>
        Directory.Exists(_data.Data.Runs)
            ? [.. Directory.GetDirectories(_data.Data.Runs).Select(path => new RunFolder(path)).Where(run => File.Exists(run.Spec))]
            : [];

    private System.Diagnostics.Process Start()
    {
        var process = Shell.Start([.. Command(["--name", "slow", "--set", "cam.epochs=40", "--set", "clims.epochs=40", "--json"])]);
        _ = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        return process;
    }

    private static List<JsonElement> Stages(JsonElement result) => [.. result.GetProperty("stages").EnumerateArray()];

    private async Task<JsonElement> Result(params string[] arguments)
    {
        var answer = await Ask(arguments);
        Assert.True(answer.ExitCode == 0, answer.Error);
        return JsonDocument.Parse(answer.LastLine).RootElement;
    }

    private Task<Shell.Answer> Ask(params string[] arguments) => Shell.AskAsync([.. Command(arguments)]);

    private IEnumerable<string> Command(IEnumerable<string> arguments) =>
        ["pipeline", "clims-seeds", "--dataset", _dataset, "--preset", "builtin", .. arguments, "--data", _data.Data.Path];

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
