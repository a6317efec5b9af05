using System.Diagnostics;
using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Execution.Executors;

/// <summary>The dashboard's own executable, as it is started for all that has a process of its own.</summary>
/// <param name="command">The executable and, in front of <c>worker</c>, what it needs to be told.</param>
public sealed class DashboardProgram(IReadOnlyList<string> command)
{
    /// <summary>
    /// A session of its own: neither Ctrl-C nor the end of the launcher's terminal reaches the worker. The shell hands its output to the
    /// file and is replaced by the worker, so that native output is caught too and the process number is the worker's.
    /// </summary>
    private const string Detached = "exec setsid \"$@\" >> \"$WORKER_LOG\" 2>&1 < /dev/null";

    /// <summary>
    /// For the native libraries; what stands in the environment already is left. Memory that a step has freed is kept for the next one: giving
    /// it back to the system and faulting it in again costs a training step a tenth of its time. For the same reason workers have the collector that
    /// gives little back; the web process, whose runtime configuration this is, has the one that does.
    /// </summary>
    internal static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["MALLOC_ARENA_MAX"] = "1",
        ["MALLOC_MMAP_THRESHOLD_"] = $"{32L << 20}",
        ["MALLOC_TRIM_THRESHOLD_"] = $"{8L << 30}",
        ["MALLOC_TOP_PAD_"] = $"{256L << 20}",
        ["DOTNET_gcServer"] = "1",
        ["DOTNET_GCConserveMemory"] = "0",
    };

    /// <summary>Folders to which absolute paths in the files that a run reads are held; empty: to none.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    private IEnumerable<string> RootArguments => Roots.SelectMany(root => new[] { "--root", root });

    /// <summary>This very program, with the same data folder.</summary>
    /// <param name="roots">As <see cref="Roots"/>.</param>
    public static DashboardProgram OfThisProcess(DataFolder data, params IReadOnlyList<string> roots) =>
        new([Environment.ProcessPath ?? throw new InvalidOperationException("The program does not know its own path."), "--data", data.Path]) {
            Roots = roots };

    /// <summary>What executes a run, wherever it is started.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="device">cpu or cuda:N; null: as the run's spec says.</param>
    public IReadOnlyList<string> WorkerCommand(string folder, string? device) =>
        [.. command, "worker", folder, .. device is null ? [] : new[] { "--device", device }, .. RootArguments];

    /// <summary>Starts the worker of a run, which outlives this process; what it prints is appended to <c>worker.log</c>.</summary>
    /// <inheritdoc cref="WorkerCommand"/>
    /// <exception cref="IOException">It cannot be started.</exception>
    public ChildProcess StartWorker(RunFolder folder, string? device = null)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Detached, "sh", .. WorkerCommand(folder.Path, device)]);
        start.Environment["WORKER_LOG"] = folder.WorkerLog;
        return Start(start);
    }

    /// <summary>Starts a dry run; its report comes on standard output, its complaints on standard error.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public ChildProcess StartDryRun(RunFolder folder) =>
        Start(new ProcessStartInfo(command[0], [.. command.Skip(1), "worker", folder.Path, "--dry-run", .. RootArguments]) {
            RedirectStandardOutput = true, RedirectStandardError = true });

    /// <summary>Starts a process that tells on standard output, as JSON, which libtorch workers compute with, and ends.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public ChildProcess StartDevices() =>
        Start(new ProcessStartInfo(command[0], [.. command.Skip(1), "devices", "--json"]) { RedirectStandardOutput = true });

    /// <summary>Starts the process that answers what needs a model at once; it ends when its standard input does.</summary>
    /// <param name="socket">Where it listens.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public ChildProcess StartInference(string socket) =>
        Start(new ProcessStartInfo(command[0], [.. command.Skip(1), "inference", "--socket", socket])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });

    private static ChildProcess Start(ProcessStartInfo start)
    {
        foreach (var (name, value) in Settings)
            start.Environment.TryAdd(name, value);
        return ChildProcess.Start(start);
    }
}
