using System.Text.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Files;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Execution.Queue;

public sealed class RunQueueTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private RunStore _store;
    private RunQueue _queue;

    public RunQueueTests() => (_store, _queue) = Open();

    public void Dispose()
    {
        Close();
        _data.Dispose();
    }

    [Fact]
    public async Task Submit_ValidRequest_WritesAllOptionsAndRuns()
    {
        var run = _queue.Submit(TemporaryData.Request("title", epochs: 1, seed: 5));

        await Until(run.Spec.Id, RunState.Finished);

        var spec = _store.Folder(run.Spec.Id)!.ReadSpec();
        Assert.Equal(1, spec.Options["epochs"]!.GetValue<int>());
        Assert.Equal("resNetSmall", spec.Options["network"]!.GetValue<string>());
        Assert.True(spec.Options.ContainsKey("loaderThreads"));
        Assert.Equal((5, "builtin", "cpu", "title"), (spec.Seed, spec.Preset, spec.Device, spec.Name));
        Assert.Matches("^[0-9a-f]{7,}(-dirty)?$", spec.CodeVersion);
    }

    /// <summary>The store has seen the worker's end and not yet the last word that the stop has spoken for it.</summary>
    [Fact]
    public async Task Start_InputStoppedSinceItWasLookedAt_EndsAsCancelled()
    {
        Close();
        var baseline = _data.Create("20260101-000000-cam-stopped");
        using (var log = new EventLogWriter(baseline.Events, TimeProvider.System))
            log.Append(new RunStarted(1, "elsewhere", "cpu", "test"));
        var follower = Follower(baseline.Id);
        // A store that is not told to follow: what changes on the disk it sees when it is asked to look.
        _store = RunStore.Follow(_data.Data, TimeProvider.System);
        Assert.Equal(RunState.Interrupted, _store.Find(baseline.Id)!.State);
        using (var log = new EventLogWriter(baseline.Events, TimeProvider.System))
            log.Append(new RunCancelled());

        _queue = _data.OpenQueue(_store);

        Assert.Equal(RunState.Cancelled, await End(follower.Id));
    }

    /// <summary>
    /// A launch writes a run before those that start from it. The store, which reads one folder after another, may have come too early for the first
    /// and in time for the second.
    /// </summary>
    [Fact]
    public async Task Start_InputWrittenSinceItWasLookedFor_IsWaitedFor()
    {
        Close();
        var follower = Follower("20260101-000000-cam-late");
        _store = RunStore.Follow(_data.Data, TimeProvider.System);
        Assert.Equal(RunState.Queued, _store.Find(follower.Id)!.State);
        new QueueTicket(DateTimeOffset.UtcNow).Write(_data.Create("20260101-000000-cam-late"));

        _queue = _data.OpenQueue(_store);

        Assert.Equal(RunState.Finished, await End(follower.Id));
    }

    /// <summary>Resume queues a run before those that follow it.</summary>
    [Fact]
    public async Task Start_InputResumedSinceItWasLookedAt_IsWaitedFor()
    {
        Close();
        var baseline = _data.Create("20260101-000000-cam-again");
        using (var log = new EventLogWriter(baseline.Events, TimeProvider.System))
            log.Append(new RunFailed("at first"));
        var follower = Follower(baseline.Id);
        _store = RunStore.Follow(_data.Data, TimeProvider.System);
        Assert.Equal(RunState.Failed, _store.Find(baseline.Id)!.State);
        new QueueTicket(DateTimeOffset.UtcNow).Write(baseline);

        _queue = _data.OpenQueue(_store);

        Assert.Equal(RunState.Finished, await End(follower.Id));
    }

    [Fact]
    public void Submit_SeveralFaults_NamesThemAll()
    {
        var options = new JsonObject { ["epochs"] = 0, ["epoch"] = 3, ["outputStride"] = 12 };

        var error = Assert.Throws<InvalidRunException>(() => _queue.Submit(new("cam", "nowhere", "quick", options, -1, "gpu7")));

        Assert.Equal(["dataset", "device", "epoch", "epochs", "preset", "seed"], error.Failures.Select(failure => failure.Option).Order());
        Assert.Contains("Did you mean epochs?", error.Message);
        Assert.Empty(_store.Runs);
    }

    [Fact]
    public void Submit_UnknownMethod_ListsTheKnown() =>
        Assert.Contains("Known methods: cam", Assert.Throws<InvalidRunException>(() => _queue.Submit(new("cat", "empty"))).Message);

    [Fact]
    public async Task Queue_RunsOfOneDevice_WaitForEachOther()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => _queue.Submit(TemporaryData.Request("slow", epochs: 3)).Spec.Id).ToList();

        foreach (var id in ids)
            await Until(id, RunState.Finished);

        var stretches = ids.Select(id =>
            EventLogReader.ReadAll(_store.Folder(id)!.Events)).Select(events => (Start: events[0].Time, End: events[^1].Time)).ToList();
        Assert.True(stretches[0].End < stretches[1].Start && stretches[1].End < stretches[2].Start, string.Join(", ", stretches));
    }

    [Fact]
    public async Task Queue_OtherDevice_DoesNotWait()
    {
        var onCpu = _queue.Submit(TemporaryData.Request("slow", epochs: 1000)).Spec.Id;
        var waiting = _queue.Submit(TemporaryData.Request("slow", epochs: 1000)).Spec.Id;
        var onGpu = _queue.Submit(TemporaryData.Request("slow", epochs: 1000, device: "cuda:1")).Spec.Id;

        await Until(onCpu, RunState.Running);
        await Until(onGpu, RunState.Running);

        Assert.Equal((RunState.Queued, 1), (_store.Find(waiting)!.State, _store.Find(waiting)!.QueuePosition));
    }

    [Fact]
    public async Task Stop_QueuedRun_IsCancelledAtOnceAndNeverStarts()
    {
        var first = _queue.Submit(TemporaryData.Request("slow", epochs: 1000)).Spec.Id;
        var second = _queue.Submit(TemporaryData.Request()).Spec.Id;
        await Until(first, RunState.Running);

        await _queue.StopAsync(second);

        Assert.Equal(RunState.Cancelled, _store.Find(second)!.State);
        await _queue.StopAsync(first);
        Assert.DoesNotContain(EventLogReader.ReadAll(_store.Folder(second)!.Events), next => next is RunStarted);
    }

    [Fact]
    public async Task Stop_RunningAndWaitingAtOnce_CancelsAllAndNamesWhatCouldNotBeStopped()
    {
        var ids = Enumerable.Range(0, 20).Select(_ => _queue.Submit(TemporaryData.Request("slow", epochs: 1000)).Spec.Id).ToList();
        await Until(ids[0], RunState.Running);

        var error = await Assert.ThrowsAsync<InvalidRunException>(() => _queue.StopAsync(["deleted", .. ids]));

        Assert.Equal("There is no run 'deleted'.", error.Message);
        Assert.All(ids, id => Assert.Equal(RunState.Cancelled, _store.Find(id)!.State));
        Assert.All(ids[1..], id => Assert.DoesNotContain(EventLogReader.ReadAll(_store.Folder(id)!.Events), next => next is RunStarted));
    }

    [Fact]
    public async Task Stop_RunningRun_IsCancelledWhenItsProcessIsGone()
    {
        var id = _queue.Submit(TemporaryData.Request("slow", epochs: 1000)).Spec.Id;
        await Until(id, RunState.Running);
        var worker = WorkerLock.Holder(_store.Folder(id)!, TimeProvider.System)!;

        await _queue.StopAsync(id);

        Assert.False(worker.IsAlive);
        Assert.Equal(RunState.Cancelled, _store.Find(id)!.State);
        Assert.IsType<RunCancelled>(EventLogReader.ReadAll(_store.Folder(id)!.Events)[^1]);
    }

    [Fact]
    public async Task Stop_DeafWorker_IsKilledAndCancelledOnItsBehalf()
    {
        Close();
        (_store, _queue) = Open(grace: 0.5);
        var id = _queue.Submit(TemporaryData.Request("slow deaf", epochs: 1000)).Spec.Id;
        await TemporaryData.Until(() => _store.Find(id)!.LastSeq > 3, "the first steps");
        var worker = WorkerLock.Holder(_store.Folder(id)!, TimeProvider.System)!;

        await _queue.StopAsync(id);

        Assert.False(worker.IsAlive);
        Assert.Equal(RunState.Cancelled, _store.Find(id)!.State);
        var events = EventLogReader.ReadAll(_store.Folder(id)!.Events);
        Assert.Single(events.OfType<RunCancelled>());
        Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(next => next.Seq));
    }

    [Fact]
    public async Task Resume_CancelledRun_GoesOnFromItsCheckpoint()
    {
        var id = _queue.Submit(TemporaryData.Request("slow", epochs: 100)).Spec.Id;
        await TemporaryData.Until(() => EventLogReader.ReadAll(_store.Folder(id)!.Events).OfType<RunCheckpoint>().Any(), "a checkpoint");
        await _queue.StopAsync(id);

        _queue.Resume(id);
        await Until(id, RunState.Finished);

        var series = _store.Series(id, "loss", 0, long.MaxValue, int.MaxValue);
        Assert.Equal(Enumerable.Range(1, 1000).Select(step => (long)step), series.Steps);
        Assert.Equal(series.Steps.Select(step => CountingMethod.Loss(0, step)), series.Last);
        Assert.Throws<InvalidRunException>(() => _queue.Resume(id));
    }

    [Fact]
    public async Task Queue_DashboardRestarts_QueuedRunsStartAndRunningOnesGoOn()
    {
        var first = _queue.Submit(TemporaryData.Request("held")).Spec.Id;
        var second = _queue.Submit(TemporaryData.Request(epochs: 1)).Spec.Id;
        await Until(first, RunState.Running);
        Close();

        (_store, _queue) = Open();

        Assert.Equal((RunState.Running, RunState.Queued), (_store.Find(first)!.State, _store.Find(second)!.State));
        CountingMethod.LetGo(_store.Folder(first)!);
        await Until(second, RunState.Finished);
        Assert.Equal(RunState.Finished, _store.Find(first)!.State);
        Assert.Single(EventLogReader.ReadAll(_store.Folder(first)!.Events).OfType<RunStarted>());
    }

    [Fact]
    public async Task Queue_WorkerThatCannotBegin_FailsTheRunOnce()
    {
        Close();
        _store = _data.OpenStore();
        _queue = _data.OpenQueue(_store, program: new DashboardProgram(["/bin/sh", "-c", "echo no libtorch here; exit 3", "sh"]));

        var id = _queue.Submit(TemporaryData.Request()).Spec.Id;
        await Until(id, RunState.Failed);

        Assert.Equal("The worker could not begin (exit code 3): no libtorch here", _store.Find(id)!.Message);
        Assert.Equal(3, File.ReadAllLines(_store.Folder(id)!.WorkerLog).Length);
        Assert.False(File.Exists(_store.Folder(id)!.File("reserve")));
    }

    [SmallDiskFact]
    public async Task Queue_DiskWithoutAFreeBlock_FailsTheRunOnceAndStartsNoWorker()
    {
        Close();
        Directory.CreateDirectory(_data.Data.Runs);
        using var small = SmallDisk.Mount(_data.Data.Runs);
        var folder = _data.Create("run");
        new QueueTicket(DateTimeOffset.UtcNow).Write(folder);
        small.Fill();
        var started = Path.Combine(_data.Data.Path, "started");

        _store = _data.OpenStore();
        _queue = _data.OpenQueue(_store, program: new DashboardProgram(["/bin/sh", "-c", $"echo started >> {started}", "sh"]));
        await Until("run", RunState.Failed);

        Assert.Equal("The disk is full. Free some space, then resume the run.", _store.Find("run")!.Message);
        Assert.Single(EventLogReader.ReadAll(folder.Events));
        Assert.False(File.Exists(started));
        small.Free();
        _queue.Resume("run");
        await TemporaryData.Until(() => File.Exists(started), "the run to be started when there is room");
    }

    [SmallDiskFact]
    public void Submit_DiskFull_LeavesNoFolder()
    {
        Close();
        Directory.CreateDirectory(_data.Data.Runs);
        using var small = SmallDisk.Mount(_data.Data.Runs);
        (_store, _queue) = Open();
        small.Fill();

        Assert.True(DiskFull.Is(Assert.ThrowsAny<IOException>(() => _queue.Submit(TemporaryData.Request()))));
        Assert.True(DiskFull.Is(Assert.ThrowsAny<IOException>(() => _queue.Submit(TemporaryData.Request() with { Method = "clims" }))));

        Assert.Empty(Directory.GetDirectories(_data.Data.Runs));
        Assert.Empty(_store.Runs);
    }

    /// <summary>A named pipe that nobody writes to: whoever opens it hangs. Refused, or given up in time; and nobody else waits.</summary>
    [Fact]
    public async Task Submit_FilesThatDoNotAnswer_HoldNobodyElseUp()
    {
        Close();
        var pipe = Path.Combine(_data.Data.Path, "tags.csv");
        Directory.CreateDirectory(Path.Combine(_data.Data.Path, "images"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", pipe))
            await mkfifo.WaitForExitAsync();
        var catalog = new CatalogOf(new DatasetCatalog(_data.Data.Path), _data.Data.Path);
        _store = _data.OpenStore();
        _queue = _data.OpenQueue(_store, inventory: new RunInventory(catalog, new ModelCatalog(_data.Data.Path)), patience: 5);

        var hanging = _queue.SubmitAsync(new("cam", _data.Data.Path, "builtin"));
        var other = await _queue.SubmitAsync(TemporaryData.Request(epochs: 1));
        await Until(other.Spec.Id, RunState.Finished);

        Assert.Equal("dataset", Assert.Single((await Assert.ThrowsAsync<InvalidRunException>(() => hanging)).Failures).Option);
        Assert.Single(_store.Runs);
        using var writer = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("group")]
    [InlineData("preset")]
    public void Submit_EndlessName_IsRefusedByItsField(string field)
    {
        var text = new string('n', 201);
        var request = TemporaryData.Request();
        request =
            field switch { "name" => request with { Name = text }, "group" => request with { Group = text }, _ => request with { Preset = text } };

        var failure = Assert.Single(Assert.Throws<InvalidRunException>(() => _queue.Submit(request)).Failures);

        Assert.Equal(field, failure.Option);
        Assert.True(failure.Message.Length < 200, failure.Message);
        Assert.Equal(new string('n', 200), _queue.Submit(TemporaryData.Request(new string('n', 200))).Spec.Name);
    }

    [Fact]
    public async Task Delete_RunningOrNeeded_IsRefusedWithTheReason()
    {
        var baseline = _queue.Submit(TemporaryData.Request(epochs: 1)).Spec.Id;
        await Until(baseline, RunState.Finished);
        var dependent =
            _queue.Submit(
                TemporaryData.Request("slow", epochs: 1000) with { Method = "clims",
                    Inputs = new Dictionary<string, string> { ["baseline"] = baseline } }).Spec.Id;
        await Until(dependent, RunState.Running);

        Assert.Contains(dependent, Assert.Throws<InvalidRunException>(() => _queue.Delete(baseline)).Message);
        Assert.Contains("Stop it first", Assert.Throws<InvalidRunException>(() => _queue.Delete(dependent)).Message);
        await _queue.StopAsync(dependent);
        _queue.Delete(dependent);
        _queue.Delete(baseline);

        Assert.Empty(_store.Runs);
        Assert.Empty(Directory.GetFileSystemEntries(_data.Data.Runs));
    }

    [Fact]
    public async Task DryRun_Fits_ReportsCostAndLeavesNothing()
    {
        var report = await _queue.DryRunAsync(TemporaryData.Request(epochs: 7), CancellationToken.None);

        Assert.Equal(new DryRunReport(0.5, 1_000_000, 70, 60), report);
        Assert.Empty(_store.Runs);
        Assert.Empty(Directory.GetFileSystemEntries(_data.Data.DryRuns));
    }

    [Fact]
    public async Task DryRun_DoesNotFit_SaysWhy()
    {
        var error = await Assert.ThrowsAsync<InvalidRunException>(() => _queue.DryRunAsync(TemporaryData.Request("throws"), CancellationToken.None));

        Assert.Equal("batchSize: the batch does not fit. Give a smaller one.", error.Message);
    }

    /// <summary>The real catalogue for one folder, and the empty data set.</summary>
    private sealed class CatalogOf(DatasetCatalog catalog, string folder) : IDatasetSource
    {
        private readonly EmptyDatasets _empty = new();

        public void Check(string dataset)
        {
            if (dataset == folder)
                catalog.Open(dataset);
            else
                _empty.Check(dataset);
        }

        public IImageDataset Open(string dataset, CancellationToken stop) => _empty.Open(dataset, stop);

        public IReadOnlyList<string> Splits(string dataset) => dataset == folder ? catalog.Splits(dataset) : _empty.Splits(dataset);

        public string Canonical(string dataset) => dataset;

        public string Fingerprint(string dataset) => dataset;
    }

    private (RunStore Store, RunQueue Queue) Open(double grace = 20)
    {
        var store = _data.OpenStore();
        return (store, _data.OpenQueue(store, grace));
    }

    /// <summary>A run that waits, and starts from another.</summary>
    private RunFolder Follower(string input)
    {
        var folder = _data.Create("20260101-000001-cam-waits");
        File.WriteAllText(folder.Spec, JsonSerializer.Serialize(
            folder.ReadSpec() with { Inputs = new Dictionary<string, string> { ["baseline"] = input } }, RunJson.Indented));
        new QueueTicket(DateTimeOffset.UtcNow).Write(folder);
        return folder;
    }

    private async Task<RunState> End(string id)
    {
        await TemporaryData.Until(() => _store.Find(id)!.State is not (RunState.Queued or RunState.Running), $"{id} to end");
        return _store.Find(id)!.State;
    }

    private void Close()
    {
        _queue.Dispose();
        _store.Dispose();
    }

    private Task Until(string id, RunState state) => TemporaryData.Until(() => _store.Find(id)?.State == state, $"{id} to be {state}");
}
