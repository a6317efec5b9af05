using System.Text.Json.Nodes;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Runs.Plan;

/// <summary>CLIMS starts from a CAM run: the one that is named, one that fits, or one that is made first.</summary>
public sealed class RunPlanTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly RunStore _store;
    private readonly RunQueue _queue;

    public RunPlanTests()
    {
        _store = _data.OpenStore();
        _queue = _data.OpenQueue(_store);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _store.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Submit_NoBaseline_MakesItFirstAndWaitsForIt()
    {
        var clims = _queue.Submit(Clims(seed: 4)).Spec;

        var baseline = _store.Find(clims.Inputs["baseline"])!.Spec;
        Assert.Equal(("cam", "builtin", "empty", 4, "cpu"), (baseline.Method, baseline.Preset, baseline.Dataset, baseline.Seed, baseline.Device));
        await Until(clims.Id, RunState.Finished);
        Assert.True(Stretch(baseline.Id).End < Stretch(clims.Id).Start);
    }

    [Fact]
    public void Submit_SeveralThatNeedTheSame_ShareIt()
    {
        var first = _queue.Submit(Clims()).Spec;
        var second = _queue.Submit(Clims()).Spec;
        var otherSeed = _queue.Submit(Clims(seed: 1)).Spec;
        var otherStride = _queue.Submit(Clims(("outputStride", 16))).Spec;

        Assert.Equal(first.Inputs["baseline"], second.Inputs["baseline"]);
        Assert.Equal(4 + 3, _store.Runs.Count);
        Assert.Distinct([first.Inputs["baseline"], otherSeed.Inputs["baseline"], otherStride.Inputs["baseline"]]);
    }

    [Fact]
    public async Task Submit_FinishedBaseline_IsReused()
    {
        var cam = _queue.Submit(new("cam", "empty", "builtin")).Spec.Id;
        await Until(cam, RunState.Finished);
        _queue.Submit(new("cam", "empty", "builtin"));

        Assert.Equal(cam, _queue.Submit(Clims()).Spec.Inputs["baseline"]);
    }

    [Fact]
    public void Submit_DataSetWithASlashBehindIt_IsTheSame()
    {
        var cam = _queue.Submit(new("cam", "empty", "builtin", Seed: 9)).Spec.Id;

        var clims = _queue.Submit(Clims() with { Dataset = " empty/", Inputs = new Dictionary<string, string> { ["baseline"] = cam } }).Spec;

        Assert.Equal("empty", clims.Dataset);
    }

    [Fact]
    public void Submit_CheckpointOrNamedRun_MakesNothing()
    {
        var cam = _queue.Submit(new("cam", "empty", "builtin", Seed: 9)).Spec.Id;

        Assert.Empty(_queue.Submit(Clims(("checkpoint", Path.Combine(AppContext.BaseDirectory, "Weights", "Files", "archive.pth")))).Spec.Inputs);
        Assert.Equal(cam, _queue.Submit(Clims() with { Inputs = new Dictionary<string, string> { ["baseline"] = cam } }).Spec.Inputs["baseline"]);
        Assert.Equal(3, _store.Runs.Count);
    }

    [Fact]
    public void Submit_UnknownRoleOrRun_IsRefused()
    {
        Assert.Contains("Known: baseline", Refusal("teacher", "x"));
        Assert.Contains("there is no run 'x'", Refusal("baseline", "x"));
        Assert.Empty(_store.Runs);
    }

    [Fact]
    public async Task Submit_BaselineOfAnotherMethodDataSetOrState_IsRefused()
    {
        var failed = _queue.Submit(TemporaryData.Request("throws")).Spec.Id;
        var clims = _queue.Submit(Clims()).Spec.Id;
        var elsewhere = _data.Data.Run("20260101-000000-cam-aaaa");
        RunFolder.Create(elsewhere.Path, _store.Find(failed)!.Spec with { Id = elsewhere.Id, Dataset = "other" });
        await TemporaryData.Until(() => _store.Find(elsewhere.Id) is not null, "the run on another data set");
        await Until(failed, RunState.Failed);

        Assert.Contains($"{clims} is a run of clims, not of cam", Refusal("baseline", clims));
        Assert.Contains($"{elsewhere.Id} was trained on other, not on empty", Refusal("baseline", elsewhere.Id));
        Assert.Contains($"{failed} has failed. Resume it, or choose another.", Refusal("baseline", failed));
    }

    [Fact]
    public async Task Queue_BaselineFails_RunFailsAndSaysWhatToDo()
    {
        var cam = _queue.Submit(TemporaryData.Request("slow throws")).Spec.Id;
        var clims = _queue.Submit(Clims() with { Inputs = new Dictionary<string, string> { ["baseline"] = cam } }).Spec.Id;

        await Until(clims, RunState.Failed);

        Assert.Contains($"{cam}, which this one starts from, has failed. Resume that one: this one follows it.", _store.Find(clims)!.Message);
    }

    [Fact]
    public async Task Queue_WaitingForAnotherLane_LetsOthersPass()
    {
        var onGpu = _queue.Submit(TemporaryData.Request("slow", epochs: 1000, device: "cuda:1")).Spec.Id;
        var waiting = _queue.Submit(Clims() with { Inputs = new Dictionary<string, string> { ["baseline"] = onGpu } }).Spec.Id;
        var behind = _queue.Submit(TemporaryData.Request()).Spec.Id;

        await Until(behind, RunState.Finished);

        Assert.Equal(RunState.Queued, _store.Find(waiting)!.State);
    }

    [Fact]
    public async Task Worker_BaselineNotFinished_FailsBeforeItBegins()
    {
        var cam = _data.Create("20260101-000000-cam-aaaa");
        var folder = _data.Create("20260101-000001-clims-bbbb");
        var spec = folder.ReadSpec() with { Inputs = new Dictionary<string, string> { ["baseline"] = cam.Id } };
        File.Delete(folder.Spec);
        RunFolder.Create(folder.Path, spec);

        Assert.Equal(1, await _data.RunWorker(folder));

        Assert.Contains("has not finished", Assert.IsType<RunFailed>(EventLogReader.ReadAll(folder.Events)[^1]).Message);
    }

    private static RunRequest Clims(params (string Name, JsonNode Value)[] options) => Clims(0, options);

    private static RunRequest Clims(long seed, params (string Name, JsonNode Value)[] options) => new(
        ClimsMethod.Descriptor.Name, "empty", "builtin",
        new JsonObject(options.Select(option => KeyValuePair.Create(option.Name, (JsonNode?)option.Value))), seed);

    private string Refusal(string role, string run) =>
        Assert.Throws<InvalidRunException>(() => _queue.Submit(Clims() with { Inputs = new Dictionary<string, string> { [role] = run } })).Message;

    private (DateTimeOffset Start, DateTimeOffset End) Stretch(string id) =>
        EventLogReader.ReadAll(_store.Folder(id)!.Events) is var events ? (events[0].Time, events[^1].Time) : default;

    private Task Until(string id, RunState state) => TemporaryData.Until(() => _store.Find(id)!.State == state, $"{id} to be {state}");
}
