using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Dashboard.Tests.Execution.Slurm;

/// <summary>
/// A real Slurm on this machine: its controller and two nodes with one GPU each, which are device files. Needs root and the packages.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    /// <summary>Why there can be none; null where there can.</summary>
    public static string? Missing { get; } =
        new[] { "slurmctld", "slurmd", "munged" }.Any(daemon => !File.Exists($"/usr/sbin/{daemon}"))
            ? "Install slurm-wlm and munge to run this test."
        : Environment.UserName != "root" ? "Slurm's daemons are started as root."
        : null;

    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard-slurm-").FullName;

    public SlurmCluster()
    {
        if (Missing is not null)
            return;
        File.WriteAllBytes(In("key"), [.. Enumerable.Range(0, 1024).Select(i => (byte)i)]);
        File.SetUnixFileMode(In("key"), UnixFileMode.UserRead);
        File.WriteAllText(In("slurm.conf"), Configuration());
        File.WriteAllText(In("gres.conf"), "NodeName=n1 Name=gpu File=/dev/null\nNodeName=n2 Name=gpu File=/dev/zero\n");
        foreach (var folder in new[] { "state", "spool-n1", "spool-n2" })
            Directory.CreateDirectory(In(folder));
        // Of the tests' own process, and so of all commands that it starts.
        Environment.SetEnvironmentVariable("SLURM_CONF", In("slurm.conf"));
        Run("munged", "--force", $"--key-file={In("key")}", $"--socket={In("munge.sock")}", $"--pid-file={In("munged.pid")}",
            $"--log-file={In("munged.log")}", $"--seed-file={In("seed")}");
        StartController();
        Run("slurmd", "-N", "n1");
        Run("slurmd", "-N", "n2");
        Until(() => Run("sinfo", "--noheader", "--format=%D %T") == "2 idle", "two idle nodes");
    }

    public static void StartController() => Run("slurmctld");

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

    /// <summary>Numbers of all jobs of a name, those included that have ended.</summary>
    public static IReadOnlyList<string> JobsOf(string name) =>
        Run("squeue", "--me", "--noheader", "--states=all", "--format=%i", $"--name={name}").Split('\n', StringSplitOptions.RemoveEmptyEntries);

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
            foreach (var daemon in new[] { "slurmd-n1", "slurmd-n2", "slurmctld", "munged" }.Select(name => In(name + ".pid")).Where(File.Exists))
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Configuration() => $"""
        ClusterName=test
        SlurmctldHost={Environment.MachineName}(127.0.0.1)
        SlurmctldPort={FreePort()}
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
        KillWait=2
        PreemptType=preempt/partition_prio
        PreemptMode=CANCEL
        GresTypes=gpu
        NodeName=n1 NodeHostname={Environment.MachineName} NodeAddr=127.0.0.1 Port={FreePort()} CPUs=2 Gres=gpu:1
        NodeName=n2 NodeHostname={Environment.MachineName} NodeAddr=127.0.0.1 Port={FreePort()} CPUs=2 Gres=gpu:1
        PartitionName=main Nodes=n1,n2 Default=YES State=UP PriorityTier=1
        PartitionName=urgent Nodes=n1,n2 State=UP PriorityTier=2

        """;
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
