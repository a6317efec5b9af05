using Dashboard.Backend.Execution.Executors.Slurm;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Cli;
using Dashboard.Tests.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Tests.Execution.Slurm;

/// <summary>Runs as jobs of a real Slurm. Each test asks for GPUs, of which each of the two nodes has one.</summary>
public sealed class SlurmExecutorTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private readonly TemporaryData _data = new();
    private RunStore _store = null!;
    private RunQueue? _queue;
    private SlurmExecutor _slurm = null!;

    public void Dispose()
    {
        Close();
        if (SlurmCluster.Missing is null)
            SlurmCluster.Run("scancel", "--me");
        _data.Dispose();
    }

    [SlurmFact]
    public async Task TwoNodes_FourRuns_RunOneOnEachAndSayWhyTheOthersWait()
    {
        Open();
        var ids = Enumerable.Range(0, 4).Select(_ => Submit("held")).ToList();
        await UntilRunning(ids[0], ids[1]);
        await TemporaryData.Until(() => ids.Skip(2).All(id => _store.Find(id)!.Job is { State: "PENDING", Reason: not null }), "the reasons");

        Assert.Equal(["n1", "n2"], ids.Take(2).Select(id => _store.Find(id)!.Job!.Node).Order());
        Assert.All(ids.Take(2), id => Assert.Equal("cuda:0", _store.Find(id)!.Device));
        Assert.Matches(@"^job \d+, waiting: \w+", _store.Find(ids[3])!.Job!.Text);
        foreach (var id in ids)
        {
            await UntilRunning(id);
            CountingMethod.LetGo(_store.Folder(id)!);
        }
        foreach (var id in ids)
            await Until(id, RunState.Finished);

        Assert.All(ids, id => Assert.Single(Events(id).OfType<RunStarted>()));
    }

    /// <summary>As if it had been killed: one job runs, one waits, and of one it had not lived to write down the number.</summary>
    [SlurmFact]
    public async Task Dashboard_KilledWhileJobsRunAndWait_FindsThemAndStartsNoneTwice()
    {
        Open();
        var ids = Enumerable.Range(0, 4).Select(_ => Submit("held")).ToList();
        await UntilRunning(ids[0], ids[1]);
        await TemporaryData.Until(() => ids.All(id => SlurmCluster.JobsOf(id).Count == 1), "all jobs");
        Close();
        File.Delete(_data.Data.Run(ids[3]).File("job.json"));
        CountingMethod.LetGo(_data.Data.Run(ids[0]));

        Open();
        await Until(ids[0], RunState.Finished);
        foreach (var id in ids.Skip(1))
        {
            await UntilRunning(id);
            CountingMethod.LetGo(_store.Folder(id)!);
            await Until(id, RunState.Finished);
        }

        Assert.All(ids, id => Assert.Single(Events(id).OfType<RunStarted>()));
        Assert.All(ids, id => Assert.Single(SlurmCluster.JobsOf(id)));
    }

    [SlurmFact]
    public async Task CancelledOutside_RunningAndWaiting_AreCancelledWithTheReason()
    {
        Open();
        var ids = Enumerable.Range(0, 3).Select(_ => Submit("held")).ToList();
        await UntilRunning(ids[0], ids[1]);
        await TemporaryData.Until(() => _store.Find(ids[2])!.Job is not null, "the third job");

        SlurmCluster.Run("scancel", _store.Find(ids[2])!.Job!.Id, _store.Find(ids[0])!.Job!.Id);
        await Until(ids[0], RunState.Cancelled);
        await Until(ids[2], RunState.Cancelled);

        Assert.EndsWith("was cancelled outside the dashboard.", _store.Find(ids[0])!.Message);
        Assert.DoesNotContain(Events(ids[2]), next => next is RunStarted);
        Assert.Equal(RunState.Running, _store.Find(ids[1])!.State);
        await _queue!.StopAsync(ids[1]);
        Assert.Equal(RunState.Cancelled, _store.Find(ids[1])!.State);
    }

    [SlurmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_RunThatWaits_TakesItsJobFromTheQueue(bool byCommand)
    {
        Open();
        SlurmCluster.Run("scontrol", "update", "nodename=n1,n2", "state=drain", "reason=test");
        try
        {
            var id = Submit("");
            await TemporaryData.Until(() => _store.Find(id)!.Job?.Reason is not null, "the reason");
            // Slurm has two sentences for it, after which of its schedulers has looked last.
            Assert.Matches("DRAINED|UnavailableNodes", _store.Find(id)!.Job!.Reason);

            if (byCommand)
                Assert.Equal(0, (await Shell.CallAsync("stop", id, "--data", _data.Data.Path)).ExitCode);
            else
                await _queue!.StopAsync(id);

            await Until(id, RunState.Cancelled);
            await TemporaryData.Until(() => SlurmCluster.Run("squeue", "--me", "--noheader", $"--name={id}") == "", "the job to be gone");
        }
        finally
        {
            SlurmCluster.Run("scontrol", "update", "nodename=n1,n2", "state=resume");
        }
    }

    [SlurmFact]
    public async Task Preempted_GoesOnFromItsCheckpointAsOftenAsIsSaid()
    {
        Open(resumes: 1);
        var id = Submit("held");
        await UntilRunning(id);
        await PreemptAsync(id);
        await TemporaryData.Until(() => Events(id).OfType<RunStarted>().Count() == 2, "the second worker");
        Assert.Contains(Events(id).OfType<RunLog>(), line => line.Message.EndsWith(
            "was preempted. The run goes on by itself from its last checkpoint: 1 of 1 times.", StringComparison.Ordinal));
        await UntilRunning(id);
        await PreemptAsync(id);

        await Until(id, RunState.Failed);
        Assert.EndsWith("was preempted, and the run has gone on by itself 1 times already. Give its jobs more time, or resume it.",
            _store.Find(id)!.Message);
        CountingMethod.LetGo(_store.Folder(id)!);
        _queue!.Resume(id);
        await Until(id, RunState.Finished);
        Assert.Equal(3, Events(id).OfType<RunStarted>().Count());
    }

    [SlurmFact]
    public async Task Controller_Down_LosesNothing()
    {
        Open();
        var first = Submit("held");
        await UntilRunning(first);
        cluster.KillController();
        string second;
        try
        {
            await TemporaryData.Until(() => _slurm.Problem?.Contains("contact slurm controller") == true, "the trouble to be noticed");
            second = Submit("");
            CountingMethod.LetGo(_store.Folder(first)!);
            await Until(first, RunState.Finished);
            Assert.Equal(RunState.Queued, _store.Find(second)!.State);
        }
        finally
        {
            SlurmCluster.StartController();
        }

        await Until(second, RunState.Finished);
        Assert.Null(_slurm.Problem);
        Assert.All(new[] { first, second }, id => Assert.Single(Events(id).OfType<RunStarted>()));
    }

    [SlurmFact]
    public async Task OptionThatSlurmRefuses_FailsTheRunInASentence()
    {
        Open("--partition=nowhere");

        var id = Submit("");
        await Until(id, RunState.Failed);

        Assert.StartsWith("The worker could not be started: sbatch refuses:", _store.Find(id)!.Message);
        Assert.Contains("partition", _store.Find(id)!.Message);
    }

    /// <summary>A job of a partition that comes first takes both nodes for a moment.</summary>
    private async Task PreemptAsync(string id)
    {
        var job = _store.Find(id)!.Job!.Id;
        var urgent = SlurmCluster.Run("sbatch", "--parsable", "--partition=urgent", "--nodes=2", "--ntasks=4", "--output=/dev/null", "--wrap=true");
        await TemporaryData.Until(() => SlurmCluster.Run("squeue", "--noheader", "--states=all", "--format=%T", $"--jobs={job}") == "PREEMPTED",
            $"job {job} to give way to {urgent}");
    }

    private void Open(params string[] options) => Open(resumes: 3, options);

    private void Open(int resumes, params string[] options)
    {
        _store = _data.OpenStore();
        var settings = new SlurmSettings { Options = options, Resumes = resumes, Pace = TimeSpan.FromSeconds(0.3) };
        _slurm = new SlurmExecutor(_data.Program, settings, TimeProvider.System, NullLogger<SlurmExecutor>.Instance);
        _queue = _data.OpenQueue(_store, executor: _slurm);
    }

    private void Close()
    {
        _queue?.Dispose();
        _store?.Dispose();
    }

    private string Submit(string name) => _queue!.Submit(TemporaryData.Request(name, epochs: 2, device: "cuda")).Spec.Id;

    private IReadOnlyList<RunEvent> Events(string id) => EventLogReader.ReadAll(_data.Data.Run(id).Events);

    private async Task UntilRunning(params string[] ids)
    {
        foreach (var id in ids)
            await TemporaryData.Until(() => _store.Find(id) is { State: RunState.Running, Job.Node: not null, LastSeq: > 3 }, $"{id} to run");
    }

    private Task Until(string id, RunState state) => TemporaryData.Until(() => _store.Find(id)?.State == state, $"{id} to be {state}");
}
