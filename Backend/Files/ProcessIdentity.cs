using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Dashboard.Backend.Files;

/// <summary>A process that cannot be mistaken for a later one with the same number.</summary>
/// <param name="Started">Start time in clock ticks since boot, as in <c>/proc/PID/stat</c>.</param>
/// <param name="Boot">The kernel's boot identifier.</param>
public sealed partial record ProcessIdentity(int ProcessId, long Started, string Boot, string Host)
{
    private const int ErrorNoSuchProcess = 3;

    public static ProcessIdentity Current { get; } =
        new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0, BootId(), Environment.MachineName);

    /// <summary>True where this process can tell whether the other one lives: same machine, whatever its containers are called.</summary>
    [JsonIgnore]
    public bool IsLocal => Boot == Current.Boot && Host == Current.Host;

    /// <summary>Only for a local process.</summary>
    [JsonIgnore]
    public bool IsAlive => IsLocal && StartOf(ProcessId) == Started;

    /// <summary>Sends a signal; a process that is gone is not an error.</summary>
    /// <exception cref="UnauthorizedAccessException">The process belongs to another user.</exception>
    public void Send(UnixSignal signal)
    {
        if (!IsAlive || Kill(ProcessId, (int)signal) == 0 || Marshal.GetLastPInvokeError() == ErrorNoSuchProcess)
            return;
        throw new UnauthorizedAccessException($"Process {ProcessId} cannot be stopped: it belongs to another user. Stop it as that user.");
    }

    /// <summary>Null when there is no such process, or only its exit status is left.</summary>
    private static long? StartOf(int processId)
    {
        try
        {
            // The command's name, in parentheses, may hold anything; the fields that count follow the last parenthesis.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string BootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}

/// <summary>The two signals that stop a worker.</summary>
public enum UnixSignal
{
    Kill = 9,
    Terminate = 15,
}
