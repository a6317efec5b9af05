using System.Text.Json;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace Dashboard.Tests.Runs.Store;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Store_FinishedRun_ShowsWhatTheLogSays()
    {
        await _data.RunWorker(_data.Create("run", epochs: 2, seed: 3));
        using var store = _data.OpenStore();

        var run = store.Find("run")!;

        Assert.Equal(RunState.Finished, run.State);
        Assert.Equal(1, run.Fraction);
        Assert.Equal(0.28, run.Miou!.Value, 12);
        Assert.Equal("train", run.Stage);
        Assert.Equal(["loss"], store.Metrics("run"));
        Assert.Equal(0.28, Assert.Single(store.Evaluations).Evaluation.Miou, 12);
        Assert.NotNull(run.Started);
        Assert.NotNull(run.Ended);
    }

    /// <summary>Labels of training images are often the better ones; the number of the run is that of the last of its splits all the same.</summary>
    [Fact]
    public void Store_RunOfSeveralSplits_HasTheNumberOfItsLastSplit()
    {
        var folder = RunFolder.Create(_data.Data.Run("labels").Path, _data.Create("template").ReadSpec() with
        {
            Id = "labels", Method = CrfMethod.Descriptor.Name, Options = CrfMethod.Descriptor.Schema.Write(new CrfOptions { Splits = ["train", "val"] }),
        });
        using (var log = new EventLogWriter(folder.Events, TimeProvider.System))
        {
            log.Append(new RunStarted(1, "here", "cpu", "test"));
            log.Append(Scored("val", 0.6));
            log.Append(Scored("train", 0.7));
            log.Append(new RunFinished(1));
        }
        using var store = _data.OpenStore();

        var run = store.Find("labels")!;
        Assert.Equal((0.6, 0.59, 0.61), (run.Miou, run.Glance.Low, run.Glance.High));

        static RunEvaluated Scored(string split, double miou) => new(
            1, "CRF", false, new()
            {
                Stage = Protocol.Stages.PseudoLabel, Dataset = "empty", Split = split, ThresholdSource = Protocol.NoThreshold,
                Tags = Protocol.TagsGiven, Images = 1,
            },
            miou, [miou], ["background"], new(miou - 0.01, miou + 0.01, 0.95), null);
    }

    [Fact]
    public async Task Store_Restarted_KnowsTheSameWithoutTheLogs()
    {
        await _data.RunWorker(_data.Create("a"));
        await _data.RunWorker(_data.Create("b", "throws"));
        await _data.RunWorker(_data.Create("c", "dies"));
        var before = Describe();
        var log = _data.Data.Run("a").Events;
        // Same length, other content: a store that opened it would see the damage.
        File.WriteAllText(log, new string('x', (int)new FileInfo(log).Length));

        Assert.Equal(before, Describe());
    }

    [Fact]
    public async Task Reindex_FromFoldersAlone_GivesTheSame()
    {
        await _data.RunWorker(_data.Create("a"));
        await _data.RunWorker(_data.Create("b", "throws"));
        await _data.RunWorker(_data.Create("c", "dies"));
        var before = Describe();
        var rows = Rows();
        File.WriteAllText(_data.Data.Index, "not a database any more");

        Assert.Equal(3, RunStore.Reindex(_data.Data, TimeProvider.System));

        Assert.Equal(rows, Rows());
        Assert.Equal(before, Describe());
    }

    [Fact]
    public async Task Store_DamagedIndex_IsRebuilt()
    {
        await _data.RunWorker(_data.Create("a"));
        var before = Describe();
        File.WriteAllText(_data.Data.Index, "not a database any more");

        Assert.Equal(before, Describe());
    }

    [Fact]
    public async Task Store_WorkerKilled_BecomesInterruptedThoughTheStoreDidNotStartIt()
    {
        var folder = _data.Create("run", "slow", epochs: 1000);
        using var worker = _data.Program.StartWorker(folder);
        using var store = _data.OpenStore();
        await TemporaryData.Until(() => store.Find("run") is { State: RunState.Running, LastSeq: > 5 }, "the run to be shown running");

        worker.Kill();

        await TemporaryData.Until(() => store.Find("run")!.State == RunState.Interrupted, "the death to be seen");
        Assert.Contains("Resume", store.Find("run")!.Message);
        Assert.Equal(EventLogReader.ReadAll(folder.Events).Count, store.Find("run")!.LastSeq);
    }

    [Fact]
    public async Task Store_RestartedWhileARunGoesOn_FollowsItWithoutGapOrDouble()
    {
        var folder = _data.Create("run", "held", epochs: 20);
        using var worker = _data.Program.StartWorker(folder);
        var seen = new List<long>();
        using (var first = _data.OpenStore())
        {
            await foreach (var next in first.Follow("run", 0, CancellationToken.None))
            {
                seen.Add(next.Seq);
                if (seen.Count == 10)
                    break;
            }
        }

        using var second = _data.OpenStore();
        Assert.Equal(RunState.Running, second.Find("run")!.State);
        CountingMethod.LetGo(folder);
        await foreach (var next in second.Follow("run", seen[^1], CancellationToken.None))
            seen.Add(next.Seq);

        Assert.Equal(Enumerable.Range(1, EventLogReader.ReadAll(folder.Events).Count).Select(seq => (long)seq), seen);
        await TemporaryData.Until(() => second.Find("run")!.State == RunState.Finished, "the end");
    }

    [Fact]
    public void Series_AfterResume_LeavesTheLostStretchOut()
    {
        var folder = _data.Create("run");
        Write(folder, [.. Steps(1, 15, 1.0), new RunSnapshot(15, 1, []), new RunResumed(1, "here", 10, 1), .. Steps(11, 12, 2.0)]);
        using var store = _data.OpenStore();

        var series = store.Series("run", "loss", 0, long.MaxValue, 100);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], series.Steps);
        Assert.Equal([1.0, 2.0, 2.0], series.Last.Skip(9));
        Assert.Equal(12, series.Points);
    }

    [Fact]
    public void Series_FewBuckets_KeepExtremesAndLastValue()
    {
        var folder = _data.Create("run");
        double[] values = [5, -7, 1, 2, double.NaN, 9, 3, 4];
        Write(folder, values.Select((value, i) => (RunEvent)new RunMetrics(i + 1, 0, new Dictionary<string, double> { ["loss"] = value })));
        using var store = _data.OpenStore();

        var series = store.Series("run", "loss", 1, 8, 2);

        Assert.Equal([4, 8], series.Steps);
        Assert.Equal([2.0, 4.0], series.Last);
        Assert.Equal([-7.0, 3.0], series.Min);
        Assert.Equal([5.0, 9.0], series.Max);
        Assert.Equal(8, series.Points);
        Assert.Equal([3, 4], store.Series("run", "loss", 3, 4, 100).Steps);
    }

    [Fact]
    public async Task Subscribe_RunChanges_IsToldUntilDisposed()
    {
        using var store = _data.OpenStore();
        var told = new List<string>();
        var subscription = store.Subscribe(id => { lock (told) told.Add(id); });

        await _data.RunWorker(_data.Create("run"));
        await TemporaryData.Until(() => store.Find("run")?.State == RunState.Finished, "the end");
        await TemporaryData.Until(() => { lock (told) return told.Contains("run"); }, "the notification");
        subscription.Dispose();
        await _data.RunWorker(_data.Create("other"));
        await TemporaryData.Until(() => store.Find("other")?.State == RunState.Finished, "the end");

        lock (told)
            Assert.DoesNotContain("other", told);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("../../etc")]
    public async Task Follow_UnknownRun_GivesNothing(string id)
    {
        using var store = _data.OpenStore();

        await foreach (var next in store.Follow(id, 0, CancellationToken.None))
            Assert.Fail($"{next}");
    }

    [Fact]
    public async Task Store_RunElsewhere_IsKnownByItsLink()
    {
        var elsewhere = Directory.CreateTempSubdirectory("dashboard-elsewhere-").FullName;
        try
        {
            Directory.Move(_data.Create("run").Path, Path.Combine(elsewhere, "mine"));
            var folder = new RunFolder(Path.Combine(elsewhere, "mine"));
            _data.Data.Register("run", folder);
            await _data.RunWorker(folder);
            using var store = _data.OpenStore();
            using var queue = _data.OpenQueue(store);

            Assert.Equal(RunState.Finished, store.Find("run")!.State);
            queue.Delete("run");
            Assert.Null(store.Find("run"));
            Assert.True(File.Exists(folder.Events));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public async Task Store_FolderDeletedByHand_IsForgotten()
    {
        await _data.RunWorker(_data.Create("run"));
        using var store = _data.OpenStore();

        Directory.Delete(_data.Data.Run("run").Path, recursive: true);

        await TemporaryData.Until(() => store.Find("run") is null, "the run to be forgotten");
    }

    private static IEnumerable<RunEvent> Steps(int from, int to, double value) =>
        Enumerable.Range(from, to - from + 1).Select(step => new RunMetrics(step, step / 10, new Dictionary<string, double> { ["loss"] = value }));

    private static void Write(RunFolder folder, IEnumerable<RunEvent> events)
    {
        using var writer = new EventLogWriter(folder.Events, TimeProvider.System);
        foreach (var next in events)
            writer.Append(next);
        writer.Complete();
    }

    private IReadOnlyList<string> Describe()
    {
        using var store = _data.OpenStore();
        return [.. store.Runs.Select(run => JsonSerializer.Serialize(run, RunJson.Line)), .. store.Evaluations.Select(row =>
            $"{row.Run.Spec.Hash} {row.Evaluation with { Sweep = null }}"[..80]), .. store.Runs.SelectMany(run => store.Metrics(run.Spec.Id))];
    }

    private IReadOnlyList<string> Rows()
    {
        using var index = RunIndex.Copy(_data.Data.Index);
        return index.Use(context => context.Runs.Include(row => row.Evaluations).OrderBy(row => row.Id).AsEnumerable()
            .Select(row => $"{row.Summary} {row.Metrics} {row.LogLength} {string.Join(' ', row.Evaluations.Select(e => e.Event + e.Sweep))}")
                .ToList());
    }
}
