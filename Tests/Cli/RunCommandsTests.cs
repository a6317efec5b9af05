using System.Runtime.InteropServices;
using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

public sealed partial class RunCommandsTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly string _dataset;

    public RunCommandsTests()
    {
        _dataset = Path.Combine(_data.Data.Path, "mini");
        CooccurrenceWorld.Make(_dataset, train: 1, val: 1, size: 16);
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Train_WithJson_PrintsOneObjectAsItsLastLine()
    {
        var answer = await Shell.CallAsync([.. Train("--seed", "3", "--json"), "--data", _data.Data.Path]);

        Assert.Equal(0, answer.ExitCode);
        var result = JsonDocument.Parse(answer.LastLine).RootElement;
        Assert.Equal(1, answer.Output.Count(letter => letter == '\n'));
        Assert.Equal(0.28, result.GetProperty("miou").GetDouble(), 12);
        Assert.Equal(0.5, result.GetProperty("perClass").GetProperty("background").GetDouble());
        Assert.Equal(JsonValueKind.Null, result.GetProperty("perClass").GetProperty("cat").ValueKind);
        Assert.Equal(0.2, result.GetProperty("threshold").GetDouble());
        Assert.Equal("val", result.GetProperty("protocol").GetProperty("split").GetString());
        Assert.Equal(3, result.GetProperty("seed").GetInt64());
        Assert.True(result.GetProperty("seconds").GetDouble() > 0);
        var folder = new RunFolder(result.GetProperty("folder").GetString()!);
        Assert.Equal(_data.Data.Run(result.GetProperty("run").GetString()!).Path, folder.Path);
        Assert.Equal(folder.ReadSpec().Hash, result.GetProperty("specHash").GetString());
    }

    [Fact]
    public async Task Train_DryRun_SaysWhatABatchCostsAndKeepsNothing()
    {
        var answer = await Ask(Train("--set", "epochs=7", "--dry-run", "--json"));

        var report = JsonDocument.Parse(answer.LastLine).RootElement;
        Assert.Equal((0.5, 70, 1_000_000), (report.GetProperty("secondsPerStep").GetDouble(), report.GetProperty("steps").GetInt64(),
            report.GetProperty("memoryBytes").GetInt64()));
        Assert.Equal(0, answer.ExitCode);
        Assert.False(Directory.Exists(_data.Data.Runs));
        Assert.Empty(Directory.GetFileSystemEntries(_data.Data.DryRuns));
    }

    [Theory]
    [InlineData("--fit-batch: crf has no batchSize.", "--fit-batch")]
    [InlineData("profile: crf trains nothing", "--profile")]
    public async Task Train_OptionOfTrainingForAMethodThatTrainsNothing_IsRefused(string sentence, string option)
    {
        var answer = await Ask("train", "crf", "--dataset", _dataset, "--set", "splits=val", option);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(sentence, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Label_WithAndWithoutOptions_ChangesAndShows()
    {
        FinishedRuns.Write(_data.Data, "20260101-000000-cam-0001");
        var notes = Path.Combine(_data.Data.Path, "notes.md");
        await File.WriteAllTextAsync(notes, "lower *threshold*");

        Assert.Equal(0, (await Ask("label", "20260101", "--name", "best", "--tag", "paper", "--tag", "lr", "--star", "--notes-from", notes))
            .ExitCode);
        Assert.Equal(0, (await Ask("label", "20260101", "--untag", "LR")).ExitCode);
        var shown = await Shell.CallAsync("label", "20260101", "--data", _data.Data.Path);
        var refused = await Ask("label", "20260101", "--tag", new string('t', 41));

        Assert.Equal("20260101-000000-cam-0001: best *\nTags: paper\nlower *threshold*\n", shown.Output);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("at most 40 are allowed", refused.Error);
    }

    [Fact]
    public async Task Train_Twice_HasOneHashAndTwoRuns()
    {
        var results = new[] { await Ask(Train("--json")), await Ask(Train("--json", "--name", "again")) }.Select(answer =>
            JsonDocument.Parse(answer.LastLine).RootElement).ToList();

        Assert.Equal(results[0].GetProperty("specHash").GetString(), results[1].GetProperty("specHash").GetString());
        Assert.Equal(results[0].GetProperty("miou").GetDouble(), results[1].GetProperty("miou").GetDouble());
        Assert.NotEqual(results[0].GetProperty("run").GetString(), results[1].GetProperty("run").GetString());
    }

    [Fact]
    public async Task Train_BaselineOnTheSameFolderByItsName_IsReused()
    {
        new DatasetCatalog(_data.Data.Path).Register("mini", _dataset);
        var cam = JsonDocument.Parse(
            (await Ask("train", "cam", "--dataset", "mini", "--preset", "builtin", "--json")).LastLine).RootElement.GetProperty("run").GetString();

        var found = await Ask("train", "clims", "--dataset", _dataset, "--preset", "builtin", "--json");
        var named = await Ask("train", "clims", "--dataset", _dataset + "/", "--preset", "builtin", "--input", $"baseline={cam}", "--json");

        foreach (var answer in new[] { found, named })
            Assert.Equal(
                cam, new RunFolder(JsonDocument.Parse(answer.LastLine).RootElement.GetProperty("folder").GetString()!).ReadSpec().Inputs["baseline"]);
        Assert.Equal(3, Directory.GetDirectories(_data.Data.Runs).Length);
    }

    [Fact]
    public async Task Train_Fails_SaysWhyWithExitCode1()
    {
        var answer = await Ask(Train("--name", "throws", "--json"));

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("image 7.jpg is damaged. Replace it.", answer.Error);
        Assert.Equal("image 7.jpg is damaged. Replace it.", JsonDocument.Parse(answer.LastLine).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Train_WorkerDies_ShowsTheEndOfItsLog()
    {
        var answer = await Ask(Train("--name", "dies"));

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("The worker ended without saying why (exit code 134)", answer.Error);
    }

    [Fact]
    public async Task Train_Out_WritesThereAndIsListed()
    {
        var elsewhere = Path.Combine(_data.Data.Path, "elsewhere", "mine");

        Assert.Equal(0, (await Ask(Train("--out", elsewhere))).ExitCode);
        var again = await Ask(Train("--out", elsewhere));

        Assert.Equal(1, again.ExitCode);
        Assert.Contains("holds a run already", again.Error);
        Assert.IsType<RunFinished>(EventLogReader.ReadLast(new RunFolder(elsewhere).Events));
        Assert.Contains(new RunFolder(elsewhere).ReadSpec().Id, (await Ask("list")).Output);
    }

    [Fact]
    public async Task Train_CtrlC_StopsTheWorkerAndResumeGoesOn()
    {
        using var process = Shell.Start([.. Train("--name", "slow", "--set", "epochs=300", "--json"), "--data", _data.Data.Path]);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var folder = await FirstRunAsync();
        await TemporaryData.Until(() => EventLogReader.ReadAll(folder.Events).OfType<RunCheckpoint>().Any(), "a checkpoint");

        Assert.Equal(0, Kill(process.Id, InterruptSignal));
        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"dashboard resume {folder.Id}", await error);
        Assert.Contains("\"error\":\"The run was stopped", await output);
        Assert.IsType<RunCancelled>(EventLogReader.ReadLast(folder.Events));
        Assert.Null(WorkerLock.Holder(folder, TimeProvider.System));

        var resumed = await Shell.CallAsync("resume", folder.Id, "--json", "--data", _data.Data.Path);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Contains("Resumed after step", resumed.Error);
        Assert.Equal(0.25, JsonDocument.Parse(resumed.LastLine).RootElement.GetProperty("miou").GetDouble());
        var once = await Ask("resume", folder.Id);
        Assert.Equal(2, once.ExitCode);
        Assert.Contains("has finished", once.Error);
    }

    /// <summary>A run of its own, which is trained from the beginning; one that has not failed for memory is not touched.</summary>
    [Fact]
    public async Task Resume_HalfBatch_LaunchesARunWithHalfTheBatch()
    {
        await Ask(Train("--seed", "3"));
        var folder = await FirstRunAsync();
        var refused = await Ask("resume", folder.Id, "--half-batch");
        FinishedRuns.WriteLog(folder, DateTimeOffset.UnixEpoch, new RunStarted(1, "here", "cpu", "test"),
            new RunFailed(MemoryFailure.SentenceOfKilled(folder.ReadSpec())));

        var answer = await Ask("resume", folder.Id, "--half-batch", "--json");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"--half-batch: {folder.Id} has finished.", refused.Error);
        Assert.Equal(0, answer.ExitCode);
        var made = JsonDocument.Parse(answer.LastLine).RootElement.GetProperty("run").GetString()!;
        var (before, after) = (folder.ReadSpec(), _data.Data.Run(made).ReadSpec());
        Assert.Equal(before.Options["batchSize"]!.GetValue<int>() / 2, after.Options["batchSize"]!.GetValue<int>());
        Assert.Equal((before.Seed, before.Preset), (after.Seed, after.Preset));
        Assert.NotEqual(before.Key, after.Key);
    }

    [Fact]
    public async Task Stop_RunOfAnotherTerminal_IsCancelled()
    {
        using var process = Shell.Start([.. Train("--name", "slow", "--set", "epochs=1000"), "--data", _data.Data.Path]);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var folder = await FirstRunAsync();
        await TemporaryData.Until(() => WorkerLock.Holder(folder, TimeProvider.System) is not null, "the worker");

        var answer = await Shell.CallAsync("stop", folder.Id, "--data", _data.Data.Path);

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal($"{folder.Id} was cancelled.", answer.LastLine);
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("was stopped", await error);
        Assert.Equal("", await output);
        Assert.Equal(1, (await Ask("stop", folder.Id)).ExitCode);
    }

    [Fact]
    public async Task List_WithJson_HasEveryRunWithItsState()
    {
        await _data.RunWorker(_data.Create("a"));
        await _data.RunWorker(_data.Create("b", "throws"));

        var runs = JsonDocument.Parse((await Ask("list", "--json")).LastLine).RootElement.GetProperty("runs").EnumerateArray();

        Assert.Equal(["a finished", "b failed"],
            runs.Select(run => $"{run.GetProperty("spec").GetProperty("id")} {run.GetProperty("state")}").Order());
    }

    [Fact]
    public async Task Reindex_FolderOfRuns_CountsThem()
    {
        await _data.RunWorker(_data.Create("a"));

        var answer = await Shell.CallAsync("reindex", "--data", _data.Data.Path);

        Assert.Equal((0, $"1 runs in {_data.Data.Index}"), (answer.ExitCode, answer.LastLine));
    }

    private const int InterruptSignal = 2;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    private string[] Train(params string[] more) => ["train", "cam", "--dataset", _dataset, "--preset", "builtin", .. more];

    private Task<Shell.Answer> Ask(params string[] arguments) => Shell.AskAsync([.. arguments, "--data", _data.Data.Path]);

    private async Task<RunFolder> FirstRunAsync()
    {
        await TemporaryData.Until(() => Directory.Exists(_data.Data.Runs) && Directory.GetDirectories(_data.Data.Runs).Length == 1, "the run folder");
        return new RunFolder(Directory.GetDirectories(_data.Data.Runs)[0]);
    }
}
