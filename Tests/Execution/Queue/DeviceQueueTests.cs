using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Execution.Queue;

/// <summary>Several devices at once. The GPUs are names that the configuration gives; the workers are real processes.</summary>
public sealed class DeviceQueueTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly RunStore _store;
    private RunQueue? _queue;

    public DeviceQueueTests() => _store = _data.OpenStore();

    public void Dispose()
    {
        _queue?.Dispose();
        _store.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task TwoGpus_EightRunsOfAnyGpu_RunTwoAtATimeOneOnEach()
    {
        Open(["cpu", "cuda:0", "cuda:1"]);
        var ids = Enumerable.Range(0, 8).Select(_ => Submit("held", "cuda")).ToList();

        for (var pair = 0; pair < 8; pair += 2)
        {
            await UntilRunning(ids[pair], ids[pair + 1]);
            Assert.Equal(["cuda:0", "cuda:1"], ids.Skip(pair).Take(2).Select(id => _store.Find(id)!.Device).Order());
            Assert.Equal([.. Enumerable.Range(1, 6 - pair)], ids.Skip(pair + 2).Select(id => _store.Find(id)!.QueuePosition!.Value));
            CountingMethod.LetGo(_store.Folder(ids[pair])!);
            CountingMethod.LetGo(_store.Folder(ids[pair + 1])!);
        }
        foreach (var id in ids)
            await Until(id, RunState.Finished);

        Assert.All(ids, id => Assert.Equal(_store.Find(id)!.Device, Assert.Single(Events(id).OfType<RunStarted>()).Device));
        Assert.All(ids, id => Assert.Equal("cuda", _store.Folder(id)!.ReadSpec().Device));
        foreach (var device in ids.GroupBy(id => _store.Find(id)!.Device))
            AssertOneAtATime(device);
    }

    [Fact]
    public async Task TwoGpus_RunOfACertainOne_WaitsForThatAndIsNotOvertaken()
    {
        Open(["cpu", "cuda:0", "cuda:1"]);
        var (first, second) = (Submit("held", "cuda:1"), Submit("held", "cuda"));
        await UntilRunning(first, second);
        var (certain, any) = (Submit("held", "cuda:1"), Submit("held", "cuda"));
        Assert.Equal((1, 2), (_store.Find(certain)!.QueuePosition, _store.Find(any)!.QueuePosition));

        CountingMethod.LetGo(_store.Folder(first)!);
        await UntilRunning(certain);
        Assert.Equal(RunState.Queued, _store.Find(any)!.State);
        CountingMethod.LetGo(_store.Folder(second)!);
        await UntilRunning(any);

        Assert.Equal(["cuda:1", "cuda:0", "cuda:1", "cuda:0"], new[] { first, second, certain, any }.Select(id => _store.Find(id)!.Device));
    }

    [Fact]
    public async Task TwoGpus_StoppedAndResumed_GoesOnWithItsCurveOnTheGpuThatIsFree()
    {
        Open(["cuda:0", "cuda:1"]);
        var id = Submit("slow", "cuda", epochs: 100);
        await TemporaryData.Until(() => Events(id).OfType<RunCheckpoint>().Any(), "a checkpoint");
        await TemporaryData.Until(() => _store.Find(id)!.Device == "cuda:0", "the GPU that it got");
        await _queue!.StopAsync(id);
        var other = Submit("held", "cuda:0");
        await UntilRunning(other);

        _queue.Resume(id);
        await Until(id, RunState.Finished);

        Assert.Equal(["cuda:0", "cuda:1"], Events(id).OfType<RunStarted>().Select(started => started.Device));
        var series = _store.Series(id, "loss", 0, long.MaxValue, int.MaxValue);
        Assert.Equal(Enumerable.Range(1, 1000).Select(step => CountingMethod.Loss(0, step)), series.Last);
    }

    [Fact]
    public async Task TwoSlots_OneDevice_IsSharedByTwoRuns()
    {
        Open(["cpu"], slots: 2);
        var ids = Enumerable.Range(0, 3).Select(_ => Submit("held", "cpu")).ToList();

        await UntilRunning(ids[0], ids[1]);
        Assert.Equal((RunState.Queued, 1), (_store.Find(ids[2])!.State, _store.Find(ids[2])!.QueuePosition));
        CountingMethod.LetGo(_store.Folder(ids[1])!);

        await UntilRunning(ids[2]);
        Assert.Equal(RunState.Running, _store.Find(ids[0])!.State);
    }

    /// <summary>A command that is longer than the system takes: the start itself fails.</summary>
    [Fact]
    public async Task ProcessThatCannotBeStarted_FailsItsRunInASentence_AndTheQueueGoesOn()
    {
        var program = new DashboardProgram([TestProgram.Path, "--data", _data.Data.Path]) { Roots = [new string('x', 1 << 18)] };
        Open(["cpu", "cuda:0"], program: program);

        var (first, second) = (Submit("", "cpu"), Submit("", "cpu"));
        await Until(first, RunState.Failed);
        await Until(second, RunState.Failed);

        Assert.StartsWith("The worker could not be started: /bin/sh cannot be started:", _store.Find(first)!.Message);
        Assert.DoesNotContain('\n', _store.Find(second)!.Message!);
    }

    private void Open(IReadOnlyList<string> devices, int slots = 1, DashboardProgram? program = null) =>
        _queue = _data.OpenQueue(_store, program: program, devices: devices, slots: slots);

    private string Submit(string name, string device, int epochs = 1) =>
        _queue!.Submit(TemporaryData.Request(name, epochs, device: device)).Spec.Id;

    private IReadOnlyList<RunEvent> Events(string id) => EventLogReader.ReadAll(_store.Folder(id)!.Events);

    private void AssertOneAtATime(IEnumerable<string> ids)
    {
        var stretches = ids.Select(Events).Select(events => (Start: events[0].Time, End: events[^1].Time)).OrderBy(stretch => stretch.Start).ToList();
        Assert.All(stretches.Zip(stretches.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
    }

    private async Task UntilRunning(params string[] ids)
    {
        foreach (var id in ids)
            await TemporaryData.Until(() => _store.Find(id) is { State: RunState.Running, StartedOn: not null }, $"{id} to run");
    }

    private Task Until(string id, RunState state) => TemporaryData.Until(() => _store.Find(id)?.State == state, $"{id} to be {state}");
}
