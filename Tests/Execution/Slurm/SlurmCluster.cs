using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Dashboard.Tests.Execution.Slurm;

/// <summary>
/// A real Slurm on this machine: its controller, two nodes with one GPU each and, in a partition of its own, one with two; GPUs are device files.
/// Needs root and the packages. Its commands find it by an environment variable of the tests' process, so there is one for all tests.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    /// <summary>Tasks of a job array.</summary>
    public const int MostTasks = 6;

    /// <summary>Why there can be none; null where there can.</summary>
    public static string? Missing { get; } =
        new[] { "slurmctld", "slurmd", "munged" }.Any(daemon => !File.Exists($"/usr/sbin/{daemon}"))
            ? "Install slurm-wlm and munge to run this test."
        : Environment.UserName != "root" ? "Slurm's daemons are started as root."
        : null;

    private static readonly string[] s_nodes = ["n1", "n2", "n3"];

    private readonly Dictionary<string, int> _ports = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard-slurm-").FullName;

    public SlurmCluster()
    {
        if (Missing is not null)
            return;
        File.WriteAllBytes(In("key"), [.. Enumerable.Range(0, 1024).Select(i => (byte)i)]);
        File.SetUnixFileMode(In("key"), UnixFileMode.UserRead);
        File.WriteAllText(In("slurm.conf"), Configuration());
        File.WriteAllText(In("gres.conf"), """
            NodeName=n1 Name=gpu File=/dev/null
            NodeName=n2 Name=gpu File=/dev/zero
            NodeName=n3 Name=gpu File=/dev/full
            NodeName=n3 Name=gpu File=/dev/random

            """);
        foreach (var folder in s_nodes.Select(node => $"spool-{node}").Append("state"))
            Directory.CreateDirectory(In(folder));
        // Of the tests' own process, and so of all commands that it starts.
        Environment.SetEnvironmentVariable("SLURM_CONF", In("slurm.conf"));
        Run("munged", "--force", $"--key-file={In("key")}", $"--socket={In("munge.sock")}", $"--pid-file={In("munged.pid")}",
            $"--log-file={In("munged.log")}", $"--seed-file={In("seed")}");
        StartController();
        foreach (var node in s_nodes)
            StartNode(node);
        UntilIdle();
    }

    public static void StartController() => Run("slurmctld");

    public static void StartNode(string name) => Run("slurmd", "-N", name);

    public static void UntilIdle() => Until(() => Run("sinfo", "--noheader", "--format=%D %T") == "3 idle", "three idle nodes");

    /// <summary><c>kill -9</c>; its jobs go on.</summary>
    public void KillNode(string name) => Run("kill", "-9", File.ReadAllText(In($"slurmd-{name}.pid")).Trim());

    /// <summary>No job is given to it, and those that it has go on.</summary>
    public static void Drain(string nodes) => Run("scontrol", "update", $"nodename={nodes}", "state=drain", "reason=test");

    public static void EndDrain(string nodes) => Run("scontrol", "update", $"nodename={nodes}", "state=resume");

    /// <summary>Another controller goes on, which holds so many jobs; null: as many as usual.</summary>
    public void RestartController(int? jobs)
    {
        var controller = File.ReadAllText(In("slurmctld.pid")).Trim();
        // It saves what it knows.
        Run("kill", controller);
        Until(() => !Directory.Exists($"/proc/{controller}"), "the controller to end");
        File.WriteAllText(In("slurm.conf"), Configuration() + (jobs is null ? "" : $"MaxJobCount={jobs}\n"));
        StartController();
    }

    /// <summary>Jobs and tasks that the controller holds, those included that have ended.</summary>
    public static int Jobs => Run("squeue", "--noheader", "--array", "--states=all", "--format=%i")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>
    /// <c>kill -9</c>, once it has saved what it knows, which it does every few seconds: what it had not, Slurm itself has lost. The nodes and their
    /// jobs go on.
    /// </summary>
    public void KillController()
    {
        var job = Run("sbatch", "--parsable", "--hold", "--output=/dev/null", "--wrap=true");
        var now = DateTime.UtcNow;
        Run("scancel", job);
        Until(() => File.GetLastWriteTimeUtc(In("state/job_state")) > now, "the controller to save its state");
        Run("kill", "-9", File.ReadAllText(In("slurmctld.pid")).Trim());
        Until(() => Execute("squeue", "--me").Code != 0, "the controller to be gone");
    }

    /// <returns>What it prints.</returns>
    public static string Run(string command, params string[] arguments)
    {
        var (code, output) = Execute(command, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{command} {string.Join(' ', arguments)}: {output}");
    }

    public void Dispose()
    {
        if (Missing is null)
        {
            Execute("scancel", "--me");
            Execute("scancel", "--me", "--signal=KILL");
            string[] daemons = [.. s_nodes.Select(node => $"slurmd-{node}"), "slurmctld", "munged"];
            foreach (var daemon in daemons.Select(name => In(name + ".pid")).Where(File.Exists))
                Execute("kill", File.ReadAllText(daemon).Trim());
            Environment.SetEnvironmentVariable("SLURM_CONF", null);
        }
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A daemon is still writing its last words; the system's temporary folder is emptied anyway.
        }
    }

    private static (int Code, string Output) Execute(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // A daemon holds on to what it was given.
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output.Result.Trim() : errors.Result.Trim());
    }

    private static void Until(Func<bool> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        for (; !condition(); Thread.Sleep(50))
            if (waited.Elapsed > TimeSpan.FromMinutes(1))
                throw new TimeoutException($"Waited in vain for {what}.");
    }

    private string In(string name) => Path.Combine(_folder, name);

    /// <summary>One that was free when it was first asked for.</summary>
    private int Port(string daemon)
    {
        if (!_ports.TryGetValue(daemon, out var port))
            _ports[daemon] = port = FreePort();
        return port;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Configuration() => $"""
        ClusterName=test
        SlurmctldHost={Environment.MachineName}(127.0.0.1)
        SlurmctldPort={Port("slurmctld")}
        AuthType=auth/munge
        AuthInfo=socket={In("munge.sock")}
        CredType=cred/munge
        SlurmUser=root
        SlurmdUser=root
        StateSaveLocation={In("state")}
        SlurmdSpoolDir={In("spool-%n")}
        SlurmctldPidFile={In("slurmctld.pid")}
        SlurmdPidFile={In("slurmd-%n.pid")}
        SlurmctldLogFile={In("slurmctld.log")}
        SlurmdLogFile={In("slurmd-%n.log")}
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        SelectType=select/cons_tres
        SelectTypeParameters=CR_Core
        AccountingStorageType=accounting_storage/none
        JobCompType=jobcomp/none
        SlurmdParameters=config_overrides
        MailProg=/bin/true
        ReturnToService=2
        SchedulerParameters=sched_interval=1,bf_interval=1
        MessageTimeout=2
        SlurmdTimeout=6
        MaxArraySize={MostTasks}
        KillWait=2
        PreemptType=preempt/partition_prio
        PreemptMode=CANCEL
        GresTypes=gpu
        NodeName=n1 NodeHostname={Environment.MachineName} NodeAddr=127.0.0.1 Port={Port("n1")} CPUs=2 Gres=gpu:1
        NodeName=n2 NodeHostname={Environment.MachineName} NodeAddr=127.0.0.1 Port={Port("n2")} CPUs=2 Gres=gpu:1
        NodeName=n3 NodeHostname={Environment.MachineName} NodeAddr=127.0.0.1 Port={Port("n3")} CPUs=2 Gres=gpu:2
        PartitionName=main Nodes=n1,n2 Default=YES State=UP PriorityTier=1
        PartitionName=urgent Nodes=n1,n2 State=UP PriorityTier=2
        PartitionName=wide Nodes=n3 State=UP

        """;
}

/// <summary>One Slurm for all, so its tests run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SlurmCollection : ICollectionFixture<SlurmCluster>
{
    public const string Name = "Slurm";
}

/// <summary>Skipped, with the reason, where no Slurm can be started.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = SlurmCluster.Missing;
}

/// <inheritdoc cref="SlurmFactAttribute"/>
public sealed class SlurmTheoryAttribute : TheoryAttribute
{
    public SlurmTheoryAttribute() => Skip = SlurmCluster.Missing;
}
