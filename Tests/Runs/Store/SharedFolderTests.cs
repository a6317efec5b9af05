using System.Text.Json;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Inference;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Tests.Runs.Store;

/// <summary>
/// A data folder as another host's changes show in it: late, and in an order of their own. Each test is the file server, and moves the clock; the
/// store looks when it is told to.
/// </summary>
public sealed class SharedFolderTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly ManualTime _time = new() { Skew = TimeSpan.FromMinutes(9) };
    private readonly List<string> _listed = [];
    private readonly RunStore _store;

    public SharedFolderTests()
    {
        Directory.CreateDirectory(_data.Data.Runs);
        _store = RunStore.Follow(_data.Data, _time, new RunFolders(_data.Data, _time, List));

        IEnumerable<string> List(string folder) => Directory.EnumerateDirectories(folder).Where(path => _listed.Contains(Path.GetFileName(path)));
    }

    public void Dispose()
    {
        _store.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void LockGoneBeforeTheLastWordIsThere_IsHeldOver()
    {
        var folder = RunningElsewhere("run");
        Assert.Equal(RunState.Running, Look("run"));

        File.Delete(folder.File("worker.1.json"));
        Assert.Equal(RunState.Running, Look("run"));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(RunState.Running, Look("run"));
        Append(folder, new RunFinished(1));

        Assert.Equal(RunState.Finished, Look("run"));
    }

    [Fact]
    public void ChangeWhileTheRunIsRead_IsSeenAtTheNextLook()
    {
        var folder = RunningElsewhere("run");
        // The holder's silence is measured after the labels are read.
        using var entry = new RunEntry(folder, new MomentOfLooking(() =>
            RunLabelsFile.Change(folder, labels => labels with { Name = "given meanwhile" })));

        entry.Refresh();

        Assert.True(entry.Stamp.IsStale(folder));
        entry.Refresh();
        Assert.Equal("given meanwhile", entry.Summary.Spec.Name);
    }

    [Fact]
    public void LockGoneAndNoLastWord_IsInterruptedInTheEnd()
    {
        var folder = RunningElsewhere("run");
        Look("run");
        File.Delete(folder.File("worker.1.json"));
        Assert.Equal(RunState.Running, Look("run"));
        _time.Advance(SharedFolder.Lag);

        Assert.Equal(RunState.Interrupted, Look("run"));
    }

    [Fact]
    public void TicketGoneBeforeTheWorkerShows_StaysQueued()
    {
        var folder = Queued("run");
        Assert.Equal(RunState.Queued, Look("run"));

        QueueTicket.Remove(folder);
        Assert.Equal(RunState.Queued, Look("run"));
        Assert.Empty(_store.Waiting);
        Append(folder, new RunStarted(1, "elsewhere", "cpu", "test"));
        Assert.Equal(RunState.Running, Look("run"));
        HoldElsewhere(folder);
        Assert.Equal(RunState.Running, Look("run"));
    }

    /// <summary>Its log ends with the last word of before.</summary>
    [Fact]
    public void ResumedElsewhere_TicketGoneFirst_HasNotFailedAgain()
    {
        var folder = Queued("run");
        Append(folder, new RunStarted(1, "elsewhere", "cpu", "test"), new RunFailed("at first"));
        Assert.Equal(RunState.Queued, Look("run"));

        QueueTicket.Remove(folder);

        Assert.Equal(RunState.Queued, Look("run"));
        Append(folder, new RunStarted(2, "elsewhere", "cpu", "test"));
        Assert.Equal(RunState.Running, Look("run"));
    }

    [Fact]
    public void FolderMissingInTheList_IsFoundByItsNameAndStaysKnown()
    {
        var folder = _data.Create("run");
        Assert.Equal(RunState.Interrupted, Look("run"));
        _listed.Add("run");
        Look("run");
        _listed.Clear();
        Assert.NotNull(_store.Refresh("run"));

        Directory.Delete(folder.Path, recursive: true);

        Assert.Null(_store.Refresh("run"));
        Assert.Null(_store.Refresh("../runs/run"));
    }

    /// <summary>Of what another host has launched, a run shows before the one that it starts from.</summary>
    [Fact]
    public void InputThatDoesNotShowYet_IsWaitedFor_ButNotForEver()
    {
        Queued("follower", input: "baseline", host: "elsewhere");
        Look("follower");
        using var scheduler = Scheduler(new LocalExecutor(_data.Program, new(_data.Program), ["cpu"], 0));

        scheduler.Round();
        Assert.Equal(RunState.Queued, Look("follower"));
        _time.Advance(TimeSpan.FromSeconds(5));
        scheduler.Round();
        Assert.Equal(RunState.Queued, Look("follower"));
        _time.Advance(SharedFolder.Lag);
        scheduler.Round();

        Assert.Equal(RunState.Failed, Look("follower"));
    }

    /// <summary>The cluster tells at once, the folder later. A worker that was killed leaves its lock.</summary>
    [Theory]
    [InlineData(true, RunState.Finished)]
    [InlineData(false, RunState.Queued)]
    public void JobTakenAway_IsBelievedOnlyWhenTheFolderHadTimeToShowItsEnd(bool hasFinished, RunState expected)
    {
        var folder = Queued("run");
        Look("run");
        var cluster = new Cluster();
        using var scheduler = Scheduler(cluster);
        scheduler.Round();
        RunningElsewhere("run", create: false);
        QueueTicket.Remove(folder);
        Assert.Equal(RunState.Running, Look("run"));

        cluster.Ending = new(JobEnd.TakenAway, "Job 1 reached its time limit");
        scheduler.Round();
        Assert.Equal(RunState.Running, Look("run"));
        if (hasFinished)
        {
            File.Delete(folder.File("worker.1.json"));
            Look("run");
            scheduler.Round();
            Append(folder, new RunFinished(1));
        }
        _time.Advance(SharedFolder.Lag);
        Look("run");
        scheduler.Round();

        Assert.Equal(expected, Look("run"));
        Assert.Equal(1, cluster.Submitted);
    }

    [Fact]
    public void LogThatGrowsLate_GivesEachEventOnceWhenItIsWhole()
    {
        var (folder, writer) = (_data.Create("view"), _data.Create("truth"));
        Append(writer, new RunStarted(1, "elsewhere", "cpu", "test"), new RunLog("info", "one"), new RunLog("info", "two"), new RunFinished(1));
        var bytes = File.ReadAllBytes(writer.Events);
        using var reader = new EventLogReader(folder.Events);
        var seen = new List<long>();

        // Half a line, all of it, the size of before once more, zeros where the content is still to come, then everything.
        foreach (var (shown, known) in new[] { (90, 90), (150, 150), (90, 90), (bytes.Length, 200), (bytes.Length, bytes.Length) })
        {
            File.WriteAllBytes(folder.Events, [.. bytes[..known], .. new byte[shown - known]]);
            reader.Reopen();
            seen.AddRange(reader.ReadNew().Select(next => next.Seq));
        }

        Assert.Equal([1, 2, 3, 4], seen);
        Assert.Null(reader.Damage);
    }

    [Fact]
    public async Task Follower_ZerosWhereContentIsStillToCome_WaitsForIt()
    {
        var (folder, writer) = (_data.Create("view"), _data.Create("truth"));
        Append(writer, new RunStarted(1, "elsewhere", "cpu", "test"), new RunFinished(1));
        var bytes = File.ReadAllBytes(writer.Events);
        File.WriteAllBytes(folder.Events, [.. new byte[60], .. bytes[60..]]);
        var asked = 0;
        var seen = new List<long>();

        await foreach (var next in EventLogFollower.ReadAsync(folder.Events, 0, IsOver, CancellationToken.None, _time))
            seen.Add(next.Seq);

        Assert.Equal([1, 2], seen);
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            File.WriteAllBytes(folder.Events, [.. new byte[60], .. bytes[60..]]);
            await foreach (var next in EventLogFollower.ReadAsync(folder.Events, 0, Forever, CancellationToken.None, _time))
                seen.Add(next.Seq);
        });

        // Told twice that the line is no event, the follower has looked at it more than once.
        bool IsOver(RunEvent? last)
        {
            if (++asked == 3)
                File.WriteAllBytes(folder.Events, bytes);
            return last is RunFinished;
        }

        bool Forever(RunEvent? last)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return false;
        }
    }

    private RunScheduler Scheduler(IExecutor executor) => new(_store, executor, _time, NullLogger.Instance, _ => false, () => true);

    private RunState? Look(string id) => _store.Refresh(id)?.State;

    private RunFolder Queued(string id, string? input = null, string? host = null)
    {
        var folder = _data.Create(id);
        if (input is not null)
            File.WriteAllText(folder.Spec, JsonSerializer.Serialize(
                folder.ReadSpec() with { Inputs = new Dictionary<string, string> { ["baseline"] = input } }, RunJson.Indented));
        new QueueTicket(DateTimeOffset.UnixEpoch, Host: host).Write(folder);
        _listed.Add(id);
        return folder;
    }

    private RunFolder RunningElsewhere(string id, bool create = true)
    {
        var folder = create ? _data.Create(id) : _data.Data.Run(id);
        _listed.Add(id);
        HoldElsewhere(folder);
        Append(folder, new RunStarted(1, "elsewhere", "cpu", "test"));
        return folder;
    }

    private static void HoldElsewhere(RunFolder folder) => File.WriteAllText(folder.File("worker.1.json"),
        JsonSerializer.Serialize(new LeaseHolder(new(1, 1, "another boot", "elsewhere"), DateTimeOffset.UnixEpoch, 30, "a"), RunJson.Line));

    private static void Append(RunFolder folder, params IReadOnlyList<RunEvent> events)
    {
        using var log = new EventLogWriter(folder.Events, TimeProvider.System);
        foreach (var next in events)
            log.Append(next);
        log.Complete();
    }

    /// <summary>A cluster of one job, which ends when it is told to.</summary>
    private sealed class Cluster : IExecutor, IJob
    {
        public int Submitted { get; private set; }
        public JobEnding? Ending { get; set; }
        public DateTimeOffset Queued { get; private set; }
        public IReadOnlyList<string> Devices => ["cpu"];
        public int? Slots => null;
        public int Resumes => 3;
        int IJob.Resumes => 0;
        public int AtOnce => 1;
        public bool IsElsewhere => true;
        public string? Problem => null;
        public string? Fault(DeviceRequest request) => null;
        public string? Place(DeviceRequest request, IReadOnlyCollection<string> taken) => taken.Count == 0 && Submitted == 0 ? "cpu" : null;
        public IJob? Find(RunFolder folder) => null;
        public bool Cancel(RunFolder folder) => false;

        public void Look()
        {
        }

        public IReadOnlyDictionary<string, IJob> Submit(IReadOnlyList<RunStart> starts)
        {
            Submitted++;
            Queued = starts[0].Ticket.Since;
            return new Dictionary<string, IJob> { [starts[0].Folder.Id] = this };
        }

        public void Settle()
        {
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Does something when it is first asked for the time.</summary>
    private sealed class MomentOfLooking(Action first) : TimeProvider
    {
        private Action? _first = first;

        public override long GetTimestamp()
        {
            Interlocked.Exchange(ref _first, null)?.Invoke();
            return base.GetTimestamp();
        }
    }
}
