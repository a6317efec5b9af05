using System.Diagnostics;
using System.Text.Json.Nodes;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Files;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Tests.Runs;

/// <summary>A data folder of a test's own. At the end its workers are killed and the folder is deleted.</summary>
public sealed class TemporaryData : IDisposable
{
    /// <summary>What takes longer hangs: a busy machine needs a minute to start a process.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public DataFolder Data { get; } = new(Directory.CreateTempSubdirectory("dashboard-test-").FullName);

    public DashboardProgram Program => new([TestProgram.Path, "--data", Data.Path]);

    public RunInventory Inventory => new(new EmptyDatasets(), new ModelCatalog(Data.Path));

    /// <summary>A store that works.</summary>
    public RunStore OpenStore() => OpenStore(Data);

    public static RunStore OpenStore(DataFolder data)
    {
        var store = RunStore.Follow(data, TimeProvider.System);
        _ = store.FollowAsync(CancellationToken.None);
        _ = store.NotifyAsync(CancellationToken.None);
        _ = store.WriteIndexAsync(CancellationToken.None);
        return store;
    }

    /// <summary>A queue that works.</summary>
    /// <param name="devices">Empty: what libtorch finds, which nobody asks it here.</param>
    public RunQueue OpenQueue(RunStore store, double grace = 20, DashboardProgram? program = null, RunInventory? inventory = null,
        double patience = 30, IReadOnlyList<string>? devices = null, int slots = 1, IExecutor? executor = null)
    {
        var queue = new RunQueue(
            Data, store, program ?? Program, executor ?? ExecutorOn(devices ?? [], slots, program), inventory ?? Inventory,
            TimeProvider.System, NullLogger<RunQueue>.Instance, TimeSpan.FromSeconds(grace), TimeSpan.FromSeconds(patience));
        _ = queue.RunAsync(CancellationToken.None);
        return queue;
    }

    /// <inheritdoc cref="OpenQueue"/>
    public LocalExecutor ExecutorOn(IReadOnlyList<string> devices, int slots = 1, DashboardProgram? program = null) =>
        new(program ?? Program, new LibtorchOfWorkers(Program), devices, slots);

    public static RunRequest Request(string name = "", int epochs = 3, long seed = 0, string device = "cpu") =>
        new("cam", "empty", "builtin", new JsonObject { ["epochs"] = epochs }, seed, device, name);

    /// <summary>A run folder without a queue.</summary>
    public RunFolder Create(string id, string name = "", int epochs = 3, long seed = 0, string device = "cpu")
    {
        var options = CamMethod.Descriptor.Schema.Write(new CamOptions { Epochs = epochs });
        return RunFolder.Create(Data.Run(id).Path, new RunSpec
        {
            Id = id,
            Name = name,
            Method = "cam",
            Options = options,
            Dataset = "empty",
            Seed = seed,
            Device = device,
            CodeVersion = CodeVersion.Current,
            Created = DateTimeOffset.UnixEpoch,
        });
    }

    public async Task<int> RunWorker(RunFolder folder)
    {
        using var process = Program.StartWorker(folder);
        await process.WaitForExitAsync(new CancellationTokenSource(Patience).Token).ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>Waits for a state that has to come; how long it takes is not what is tested.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, $"waited in vain for {what}");
            await Task.Delay(10);
        }
    }

    public void Dispose()
    {
        var hasRuns = Directory.Exists(Data.Runs);
        for (var attempt = 0; Directory.Exists(Data.Path) && attempt < 20; attempt++)
        {
            if (hasRuns)
                ProcessesOf.Kill(Data);
            try
            {
                Directory.Delete(Data.Path, recursive: true);
            }
            catch (IOException)
            {
                // A worker that has just been killed may still be writing.
                Thread.Sleep(50);
            }
        }
        // A queue that still works may have started one meanwhile.
        if (hasRuns)
            ProcessesOf.Kill(Data);
    }
}
