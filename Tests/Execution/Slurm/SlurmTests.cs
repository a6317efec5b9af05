using Dashboard.Backend.Execution.Executors.Slurm;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Tests.Execution.Slurm;

/// <summary>Runs as jobs of a real Slurm. Each test asks for GPUs, of which each of the two nodes that they are given has one.</summary>
[Collection(SlurmCollection.Name)]
public abstract class SlurmTests : IDisposable
{
    private SlurmExecutor? _slurm;
    private RunStore? _store;
    private RunQueue? _queue;

    protected TemporaryData Temporary { get; } = new();

    protected DataFolder Data => Temporary.Data;

    protected RunStore Store => _store!;

    protected RunQueue Queue => _queue!;

    private protected SlurmExecutor Executor => _slurm!;

    public void Dispose()
    {
        Close();
        if (SlurmCluster.Missing is null)
        {
            SlurmCluster.Run("scancel", "--me");
            // Its jobs leave no node to the next test before they have ended.
            SlurmCluster.UntilIdle();
        }
        Temporary.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A dashboard begins.</summary>
    protected void Open(int resumes = 3, params string[] options)
    {
        _store = Temporary.OpenStore();
        var settings = new SlurmSettings { Options = options, Resumes = resumes, Pace = TimeSpan.FromSeconds(0.3) };
        _slurm = new SlurmExecutor(Temporary.Program, settings, Data, TimeProvider.System, NullLogger<SlurmExecutor>.Instance);
        _queue = Temporary.OpenQueue(_store, executor: _slurm);
    }

    /// <summary>It is killed.</summary>
    protected void Close()
    {
        _queue?.Dispose();
        _store?.Dispose();
    }

    protected string Submit(string name) => Queue.Submit(Request(name)).Spec.Id;

    /// <summary>Many runs by one launch.</summary>
    protected async Task<IReadOnlyList<string>> SubmitAsync(int runs, string name)
    {
        var wanted = Enumerable.Range(0, runs).Select(_ => new WantedRun(Request(name))).ToList();
        return [.. (await Queue.SubmitAllAsync(wanted)).Wanted.Select(run => run.Spec.Id)];
    }

    protected RunJob? Job(string id) => Store.Find(id)?.Job;

    protected RunState State(string id) => Store.Find(id)!.State;

    protected void LetGo(string id) => CountingMethod.LetGo(Data.Run(id));

    protected IReadOnlyList<RunEvent> Events(string id) => EventLogReader.ReadAll(Data.Run(id).Events);

    protected int Starts(string id) => Events(id).OfType<RunStarted>().Count();

    protected async Task UntilRunning(params IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
            await TemporaryData.Until(() => Store.Find(id) is { State: RunState.Running, Job.Node: not null, LastSeq: > 3 }, $"{id} to run");
    }

    protected async Task UntilSubmitted(params IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
            await TemporaryData.Until(() => Job(id) is not null, $"a job for {id}");
    }

    protected async Task UntilWaiting(params IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
            await TemporaryData.Until(() => Job(id) is { State: "PENDING", Reason: not null }, $"the reason why {id} waits");
    }

    protected Task Until(string id, RunState state) => TemporaryData.Until(() => Store.Find(id)?.State == state, $"{id} to be {state}");

    /// <summary>Held runs end, as they get their turn.</summary>
    protected async Task FinishAsync(params IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
            LetGo(id);
        foreach (var id in ids)
            await Until(id, RunState.Finished);
    }

    private static RunRequest Request(string name) => TemporaryData.Request(name, epochs: 2, device: "cuda");
}
