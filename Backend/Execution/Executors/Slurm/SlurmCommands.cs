using System.ComponentModel;
using System.Text.RegularExpressions;

namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>
/// Slurm's own commands, as a user runs them. Their text output is the same in all versions and is filtered by the controller; the JSON that newer
/// ones offer changes its shape from version to version, and lists the jobs of all users in the first that have it.
/// </summary>
internal sealed partial class SlurmCommands(SlurmSettings settings)
{
    /// <summary>A command waits for a controller that is away, but not for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>ENOENT.</summary>
    private const int NoSuchFile = 2;

    private static readonly string[] Fields = ["%i", "%T", "%N", "%k", "%j", "%r"];

    /// <returns>The job's number.</returns>
    /// <exception cref="SlurmUnreachableException">Slurm cannot take it now. It may have taken it all the same.</exception>
    /// <exception cref="IOException">Slurm refuses it, or there is no sbatch: says why.</exception>
    public string Submit(SlurmSubmission job)
    {
        string[] own =
        [
            "--parsable", $"--job-name={job.Name}", $"--comment={job.Mark}", $"--chdir={job.Folder}", $"--output={job.Log.Replace("%", "%%")}",
            "--open-mode=append",
            // The dashboard itself resumes what was interrupted: two that do so would run it twice.
            "--no-requeue",
            .. job.Tasks is { } tasks ? [$"--array=0-{tasks - 1}"] : Array.Empty<string>(),
        ];
        string[] resources =
        [
            .. settings.Partition is { } partition ? [$"--partition={partition}"] : Array.Empty<string>(),
            .. settings.Account is { } account ? [$"--account={account}"] : Array.Empty<string>(),
            .. job.Gpu ? ["--gres=gpu:1"] : Array.Empty<string>(),
        ];
        // "17", or "17;cluster".
        return Run("sbatch", [.. own, .. resources, .. settings.Options], job.Script).Trim().Split(';')[0];
    }

    /// <summary>The jobs of this user, those included that have ended in the last minutes, and each task of an array by itself.</summary>
    /// <exception cref="SlurmUnreachableException">Slurm does not answer.</exception>
    public static IEnumerable<SlurmLine> List() =>
        Run("squeue", ["--me", "--noheader", "--array", "--states=all", $"--format={string.Join('|', Fields)}"], "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('|', Fields.Length))
            .Where(fields => fields.Length == Fields.Length)
            .Select(fields => new SlurmLine(fields[0], fields[1], Known(fields[2]), fields[3], fields[4], Known(fields[5])));

    /// <summary>One that has ended is left alone.</summary>
    /// <exception cref="SlurmUnreachableException">Slurm does not answer.</exception>
    public static void Cancel(string id) => Run("scancel", ["--quiet", id], "");

    private static string? Known(string text) => text.Trim() is { Length: > 0 } known && known is not ("None" or "(null)") ? known : null;

    private static string Run(string command, IReadOnlyList<string> arguments, string input)
    {
        using var process = Start(command, arguments);
        var (output, errors) = (process.Output.ReadToEndAsync(), ReadErrorsAsync(process));
        Write(process.Input, input);
        if (!process.WaitForExitAsync().Wait(Patience))
        {
            process.Kill();
            throw new SlurmUnreachableException($"{command} gave no answer within {Patience.TotalSeconds:0} s.");
        }
        if (process.ExitCode == 0)
            return output.Result;
        var reason = string.Join(' ', errors.Result);
        var isFull = TooMany().IsMatch(reason);
        throw isFull || Passing().IsMatch(reason)
            ? new SlurmUnreachableException(reason) { IsFull = isFull }
            : new IOException($"{command} refuses: {reason}");
    }

    private static ChildProcess Start(string command, IReadOnlyList<string> arguments)
    {
        try
        {
            return ChildProcess.Start(command, arguments);
        }
        catch (IOException error) when (error.InnerException is Win32Exception { NativeErrorCode: NoSuchFile })
        {
            throw new IOException($"{command} is not on the PATH of this machine. Install Slurm's commands here, or set Executor to local.", error);
        }
    }

    /// <summary>
    /// Where Slurm has no room for a job, sbatch would try again for two minutes, and the jobs that there are would not be looked at.
    /// </summary>
    private static async Task<IReadOnlyList<string>> ReadErrorsAsync(ChildProcess process)
    {
        var lines = new List<string>();
        while (await process.Errors.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lines.Add(line.Trim());
            if (Retrying().IsMatch(line))
                process.Kill();
        }
        return lines;
    }

    private static void Write(StreamWriter writer, string input)
    {
        try
        {
            using (writer)
                writer.Write(input);
        }
        catch (IOException)
        {
            // It has ended before it read this, and says why.
        }
    }

    [GeneratedRegex("sleeping and retrying")]
    private static partial Regex Retrying();

    /// <summary>More jobs than the user may have or the controller holds, or more tasks than an array may have.</summary>
    [GeneratedRegex("temporarily unable to accept job|job queue full|(Max|Grp)(Submit|Job)|Invalid job array", RegexOptions.IgnoreCase)]
    private static partial Regex TooMany();

    /// <summary>What goes away by itself: the controller is down or busy.</summary>
    [GeneratedRegex("contact slurm controller|timed out|Connection (refused|reset)|Transport endpoint|Zero Bytes|(receive|send|connection) failure"
        + "|temporarily|try again",
        RegexOptions.IgnoreCase)]
    private static partial Regex Passing();
}

/// <summary>What sbatch is given.</summary>
/// <param name="Mark">A comment by which the job is found again.</param>
/// <param name="Tasks">Of an array; null: a job by itself.</param>
internal sealed record SlurmSubmission(string Name, string Mark, string Folder, string Log, bool Gpu, string Script, int? Tasks = null);

/// <summary>Slurm cannot be asked now. The message says what its command said.</summary>
public sealed class SlurmUnreachableException(string message) : Exception(message)
{
    /// <summary>There are too many jobs; fewer may be taken.</summary>
    public bool IsFull { get; init; }
}
