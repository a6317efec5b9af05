using System.Text.Json.Nodes;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Pipelines;
using Dashboard.Domain.Runs;
using Dashboard.Web.Launch;

namespace Dashboard.Tests.Runs.Plan;

/// <summary>What a pipeline reuses, makes and goes on with.</summary>
public sealed class PipelinePlanTests : IDisposable
{
    /// <summary>Every stage starts from the one above it; the last from maps.</summary>
    private static readonly Pipeline Chain = new("chain", "Chain", "For tests.", [new("builtin", "Built-in", "Small.")],
    [
        new("cam", "cam"),
        new("clims", "clims") { From = From("baseline", "cam") },
        new("maps", "maps") { From = From("network", "clims") },
        new("crf", "crf") { From = From("maps", "maps") },
    ]);

    private readonly TemporaryData _data = new();
    private readonly RunStore _store;
    private readonly RunQueue _queue;
    private readonly PipelineLaunch _launch;

    public PipelinePlanTests()
    {
        _store = _data.OpenStore();
        _queue = _data.OpenQueue(_store);
        _launch = new PipelineLaunch(_queue, _store, _data.Data, TimeProvider.System);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _store.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Plan_NothingThere_MakesEveryStageAndQueuesNone()
    {
        var plan = await PlanAsync(new("empty"));

        Assert.Equal([("cam", PlanStep.Make), ("clims", PlanStep.Make), ("maps", PlanStep.Make), ("crf", PlanStep.Make)], Steps(plan));
        Assert.Equal(["", "baseline cam", "network clims", "maps maps"],
            plan.Stages.Select(stage => string.Join(", ", stage.From.Select(from => $"{from.Key} {from.Value}"))));
        Assert.Null(plan.Seconds);
        Assert.Empty(_store.Runs);
    }

    [Fact]
    public async Task Plan_StageThatIsNotWired_AddsWhatItNeedsBelowIt()
    {
        var plan = await _queue.PlanAsync(
        [
            new WantedRun(new("clims", "empty", "builtin"), "seeds") { Reuse = true },
            new WantedRun(new("maps", "empty", "builtin"), "maps") { From = new Dictionary<string, string> { ["network"] = "seeds" }, Reuse = true },
        ]);

        Assert.Equal(["cam", "clims", "maps"], plan.Runs.Select(run => run.Spec.Method));
        Assert.Equal(["seeds", "maps"], plan.Wanted.Select(run => run.Stage));
    }

    [Fact]
    public async Task Plan_ZeroShotWithoutAModel_TrainsOneFirst()
    {
        var failure =
            (await Assert.ThrowsAsync<InvalidRunException>(() =>
                _queue.PlanAsync([new WantedRun(new("zeroshot", "empty", "builtin", new JsonObject { ["model"] = "" }))]))).Message;
        var plan = await _queue.PlanAsync([new WantedRun(new("zeroshot", "empty", "builtin"))]);

        // The empty data set has no captions to train from.
        Assert.StartsWith("pretraining: no run is named, and none can be made by simseg first: captions: empty has no captions", failure);
        Assert.Single(plan.Runs);
    }

    [Fact]
    public async Task Plan_InputThatNothingMakes_SaysWhatToName() =>
        Assert.Equal(
            "maps: crf needs the soft maps of another run. Name a run.",
            (await Assert.ThrowsAsync<InvalidRunException>(() => _queue.PlanAsync([new WantedRun(new("crf", "empty", "builtin"))]))).Message);

    [Fact]
    public async Task Submit_Twice_ReusesEveryStage()
    {
        var first = await FinishAsync(new("empty", Name: "once"));
        var plan = await PlanAsync(new("empty", Name: "another name", Device: "cuda:1"));
        var second = await _launch.SubmitAsync(Chain, new("empty", Name: "another name"));

        Assert.All(plan.Stages, stage => Assert.Equal((PlanStep.Reuse, 0), (stage.Step, stage.Seconds)));
        Assert.Equal(first.Stages.Select(stage => stage.Run), second.Stages.Select(stage => stage.Run));
        Assert.All(second.Stages, stage => Assert.True(stage.Reused));
        Assert.Equal(4, _store.Runs.Count);
        Assert.Equal(RunState.Finished, _launch.Report(_launch.Find(second.Group)!).State);
    }

    [Fact]
    public async Task Plan_ChangedOption_MakesThatStageAndWhatFollowsOnly()
    {
        await FinishAsync(new("empty"));

        Assert.Equal([PlanStep.Reuse, PlanStep.Reuse, PlanStep.Reuse, PlanStep.Make], await StepsWith("crf", "snapshotImages", 2));
        Assert.Equal([PlanStep.Reuse, PlanStep.Make, PlanStep.Make, PlanStep.Make], await StepsWith("clims", "epochs", 7));
        Assert.Equal([PlanStep.Make, PlanStep.Make, PlanStep.Make, PlanStep.Make], await StepsWith("cam", "epochs", 7));
        Assert.Equal([PlanStep.Reuse, PlanStep.Reuse, PlanStep.Reuse, PlanStep.Reuse], await StepsWith("maps", "tensorThreads", 2));
        Assert.All((await PlanAsync(new("empty", Seed: 1))).Stages, stage => Assert.Equal(PlanStep.Make, stage.Step));
    }

    [Fact]
    public async Task Plan_OptionThatTwoStagesShare_FollowsFromTheFirst()
    {
        var specs = (await _queue.PlanAsync(PipelinePlan.Of(Chain, new("empty", Options: Options("cam", "outputStride", 16))))).Wanted.Select(run =>
            run.Spec).ToList();

        Assert.Equal(16, specs[1].Options["outputStride"]!.GetValue<int>());
    }

    [Fact]
    public async Task Plan_RunsOfTheSameKind_TellHowLongItTakes()
    {
        await FinishAsync(new("empty"));

        var plan = await PlanAsync(new("empty", Seed: 1));

        Assert.All(plan.Stages, stage => Assert.InRange(stage.Seconds!.Value, 0, 300));
        Assert.NotNull(plan.Seconds);
        Assert.Null((await PlanAsync(new("empty", Device: "cuda:1", Seed: 1))).Seconds);
    }

    [Fact]
    public async Task Submit_OneStageCannotRun_QueuesNothingAndNamesAllFaults()
    {
        var options = Options("crf", "iterations", -1);
        options["cam"] = new JsonObject { ["epochs"] = 0, ["nosuch"] = 1 };

        var failures = (await Assert.ThrowsAsync<InvalidRunException>(() => _launch.SubmitAsync(Chain, new("empty", Options: options)))).Failures;

        Assert.Contains(
            failures, failure => failure.Option == "cam.epochs" && failure.Message.StartsWith("cam.epochs: '0' is not a whole number from 1",
                StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Option == "cam.nosuch");
        Assert.Empty(_store.Runs);
        Assert.False(Directory.Exists(_data.Data.Pipelines));
    }

    [Fact]
    public async Task Submit_UnknownStagePresetOrDataSet_IsToldOnce()
    {
        Assert.Equal(
            $"preset: chain has no preset 'huge'. Known presets: builtin.{Environment.NewLine}nosuch: there is no such stage. The stages are cam, "
            + "clims, maps, crf.",
            (await Assert.ThrowsAsync<InvalidRunException>(() =>
                _launch.SubmitAsync(Chain, new("empty", "huge", Options: Options("nosuch", "epochs", 1))))).Message);
        Assert.Equal("dataset: There is no data set 'full'. Known data sets: empty.",
            (await Assert.ThrowsAsync<InvalidRunException>(() => _launch.SubmitAsync(Chain, new("full")))).Message);
    }

    [Fact]
    public async Task Submit_RecordCannotBeWritten_LeavesNoRun()
    {
        // A file where the folder of records is to be.
        File.WriteAllText(_data.Data.Pipelines, "");

        await Assert.ThrowsAnyAsync<IOException>(() => _launch.SubmitAsync(Chain, new("empty")));

        Assert.Empty(Directory.GetFileSystemEntries(_data.Data.Runs));
        await TemporaryData.Until(() => _store.Runs.Count == 0, "the store to see that");
    }

    [Fact]
    public async Task Submit_TwoHundredRuns_AreAllThereOrNone()
    {
        var wanted = Enumerable.Range(0, 50).SelectMany(seed => PipelinePlan.Of(Chain, new("empty", Seed: seed)).Select(run => run with
        {
            Stage = $"{run.Stage} {seed}", From = run.From.ToDictionary(role => role.Key, role => $"{role.Value} {seed}"),
            Request = run.Request with { Name = "held" },
        })).ToList();

        await Assert.ThrowsAsync<InvalidRunException>(() => _queue.SubmitAllAsync([.. wanted, new WantedRun(new("cam", "empty", "huge"))]));
        Assert.Empty(_store.Runs);
        var plan = await _queue.SubmitAllAsync(wanted);

        Assert.Equal(200, _store.Runs.Count);
        Assert.Distinct(plan.Runs.Select(run => run.Spec.Id));
        Assert.Equal(plan.Runs.Select(run => run.Spec.Id), _store.Runs.Reverse().Select(run => run.Spec.Id));
    }

    [Fact]
    public async Task Stop_OfAPipeline_CancelsWhatWaits_AndResumeGoesOnWithAll()
    {
        var record = await _launch.SubmitAsync(Chain, new("empty", Name: "slow", Options: Options("cam", "epochs", 300)));
        await Until(record, "cam", RunState.Running);

        await _launch.StopAsync(record);
        Assert.All(_launch.Report(record).Stages, stage => Assert.Equal(RunState.Cancelled, stage.State));
        _launch.Resume(record);

        await Until(record, "crf", RunState.Finished);
        Assert.Equal(RunState.Finished, _launch.Report(record).State);
        Assert.Equal(4, _store.Runs.Count);
    }

    [Fact]
    public async Task Stop_OfOneStage_CancelsWhatFollows_AndItsResumeResumesThat()
    {
        var record = await _launch.SubmitAsync(Chain, new("empty", Name: "slow", Options: Options("cam", "epochs", 300)));
        await Until(record, "cam", RunState.Running);

        await _queue.StopAsync(record.Stages[0].Run);
        await Until(record, "crf", RunState.Cancelled);
        Assert.Contains($"the run {record.Stages[0].Run}, which this one starts from, was cancelled.", _store.Find(record.Stages[1].Run)!.Message);
        _queue.Resume(record.Stages[0].Run);

        await Until(record, "crf", RunState.Finished);
    }

    [Fact]
    public async Task Stop_OfAPipeline_LeavesWhatAnotherWaitsFor()
    {
        var first = await _launch.SubmitAsync(Chain, new("empty", Name: "slow", Options: Options("cam", "epochs", 300)));
        await Until(first, "cam", RunState.Running);
        var options = Options("cam", "epochs", 300);
        options["clims"] = new JsonObject { ["epochs"] = 9 };
        var second = await _launch.SubmitAsync(Chain, new("empty", Options: options));

        await _launch.StopAsync(first);

        Assert.Equal(first.Stages[0].Run, second.Stages[0].Run);
        Assert.Equal([RunState.Running, RunState.Cancelled, RunState.Cancelled, RunState.Cancelled],
            _launch.Report(first).Stages.Select(stage => stage.State));
        Assert.Equal(RunState.Queued, _store.Find(second.Stages[1].Run)!.State);
        await _queue.StopAsync(first.Stages[0].Run);
    }

    [Fact]
    public async Task Stop_OfAPipeline_LeavesWhatAnotherWaitsForByWayOfItsStages()
    {
        var first = await _launch.SubmitAsync(Chain, new("empty", Name: "slow", Options: Options("cam", "epochs", 300)));
        await Until(first, "cam", RunState.Running);
        var options = Options("cam", "epochs", 300);
        options["crf"] = new JsonObject { ["iterations"] = 3 };
        var second = await _launch.SubmitAsync(Chain, new("empty", Options: options));
        Assert.NotEqual(first.Stages[3].Run, second.Stages[3].Run);

        await _launch.StopAsync(first);

        Assert.Equal([RunState.Running, RunState.Queued, RunState.Queued, RunState.Cancelled],
            _launch.Report(first).Stages.Select(stage => stage.State));
        Assert.Equal(RunState.Queued, _store.Find(second.Stages[3].Run)!.State);
        await _queue.StopAsync(first.Stages[0].Run);
    }

    [Fact]
    public async Task Submit_AfterAStop_GoesOnWithTheSameRuns()
    {
        var record = await _launch.SubmitAsync(Chain, new("empty", Name: "slow", Options: Options("cam", "epochs", 300)));
        await Until(record, "cam", RunState.Running);
        await TemporaryData.Until(() => Directory.Exists(_data.Data.Run(record.Stages[0].Run).Checkpoints), "a checkpoint");
        await _launch.StopAsync(record);

        var again = await _launch.SubmitAsync(Chain, new("empty", Options: Options("cam", "epochs", 300)));
        await Until(again, "crf", RunState.Finished);

        Assert.Equal(record.Stages.Select(stage => stage.Run), again.Stages.Select(stage => stage.Run));
        Assert.IsType<RunResumed>(EventLogReader.ReadAll(_data.Data.Run(record.Stages[0].Run).Events).First(next => next is RunResumed));
        Assert.Equal(4, _store.Runs.Count);
    }

    [Fact]
    public async Task Delete_StageThatOthersStartFrom_NamesThem()
    {
        var record = await FinishAsync(new("empty"));

        Assert.Contains(record.Stages[1].Run, Assert.Throws<InvalidRunException>(() => _queue.Delete(record.Stages[0].Run)).Message);
    }

    /// <summary>Runs of a data folder from before there were keys are not made anew.</summary>
    [Fact]
    public async Task Plan_FinishedRunWithoutAKey_IsReused()
    {
        var old = (await _queue.PlanAsync([new WantedRun(new("cam", "empty", "builtin"))])).Wanted[0].Spec with { Id = "20260101-000000-cam-aaaa",
            Key = null };
        FinishedRuns.WriteLog(RunFolder.Create(_data.Data.Run(old.Id).Path, old), old.Created, new RunStarted(1, "here", "cpu", "test"),
            new RunFinished(1));
        await TemporaryData.Until(() => _store.Find(old.Id)?.State == RunState.Finished, "the old run");

        var plan = await PlanAsync(new("empty"));

        Assert.Equal((PlanStep.Reuse, old.Id), (plan.Stages[0].Step, plan.Stages[0].Run));
        Assert.Equal(PlanStep.Make, plan.Stages[1].Step);
    }

    private static Dictionary<string, IReadOnlyList<string>> From(string role, string stage) => new() { [role] = [stage] };

    private static Dictionary<string, JsonObject> Options(string stage, string name, JsonNode value) =>
        new() { [stage] = new JsonObject { [name] = value } };

    private static IEnumerable<(string, PlanStep)> Steps(PlanReport plan) => plan.Stages.Select(stage => (stage.Stage, stage.Step));

    private Task<PlanReport> PlanAsync(PipelineRequest request) => _launch.PlanAsync(Chain, request);

    private async Task<IEnumerable<PlanStep>> StepsWith(string stage, string name, JsonNode value) =>
        (await PlanAsync(new("empty", Options: Options(stage, name, value)))).Stages.Select(planned => planned.Step);

    private async Task<PipelineRecord> FinishAsync(PipelineRequest request)
    {
        var record = await _launch.SubmitAsync(Chain, request);
        await Until(record, "crf", RunState.Finished);
        return record;
    }

    private Task Until(PipelineRecord record, string stage, RunState state) =>
        TemporaryData.Until(() => _launch.Report(record).Stages.Single(known => known.Stage == stage).State == state, $"{stage} to be {state}");
}
