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

    private static readonly string[] Fields = ["%i", "%T", "%N", "%k", "%j", "%r"];

    /// <summary>A job as squeue lists it.</summary>
    /// <param name="Mark">The comment that it was submitted with.</param>
    public sealed record Line(string Id, string State, string? Node, string Mark, string Name, string? Reason);

    /// <returns>The job's number.</returns>
    /// <exception cref="SlurmUnreachableException">Slurm cannot take it now. It may have taken it all the same.</exception>
    /// <exception cref="IOException">Slurm refuses it, or there is no sbatch: says why.</exception>
    public string Submit(string name, string mark, string folder, string log, bool gpu, string script)
    {
        string[] own =
        [
            "--parsable", $"--job-name={name}", $"--comment={mark}", $"--chdir={folder}", $"--output={log.Replace("%", "%%")}", "--open-mode=append",
            // The dashboard itself resumes what was interrupted: two that do so would run it twice.
            "--no-requeue",
        ];
        string[] resources =
        [
            .. settings.Partition is { } partition ? [$"--partition={partition}"] : Array.Empty<string>(),
            .. settings.Account is { } account ? [$"--account={account}"] : Array.Empty<string>(),
            .. gpu ? ["--gres=gpu:1"] : Array.Empty<string>(),
        ];
        // "17", or "17;cluster".
        return Run("sbatch", [.. own, .. resources, .. settings.Options], script).Trim().Split(';')[0];
    }

    /// <summary>The jobs of this user, those included that have ended in the last minutes.</summary>
    /// <exception cref="SlurmUnreachableException">Slurm does not answer.</exception>
    public static IReadOnlyList<Line> List() =>
    [
        .. Run("squeue", ["--me", "--noheader", "--states=all", $"--format={string.Join('|', Fields)}"], "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('|', Fields.Length))
            .Where(fields => fields.Length == Fields.Length)
            .Select(fields => new Line(fields[0], fields[1], Known(fields[2]), fields[3], fields[4], Known(fields[5]))),
    ];

    /// <summary>One that has ended is left alone.</summary>
    /// <exception cref="SlurmUnreachableException">Slurm does not answer.</exception>
    public static void Cancel(string id) => Run("scancel", ["--quiet", id], "");

    private static string? Known(string text) => text.Trim() is { Length: > 0 } known && known is not ("None" or "(null)") ? known : null;

    private static string Run(string command, IReadOnlyList<string> arguments, string input)
    {
        using var process = ChildProcess.Start(command, arguments);
        var (output, errors) = (process.Output.ReadToEndAsync(), process.Errors.ReadToEndAsync());
        Write(process.Input, input);
        if (!process.WaitForExitAsync().Wait(Patience))
        {
            process.Kill();
            throw new SlurmUnreachableException($"{command} gave no answer within {Patience.TotalSeconds:0} s.");
        }
        if (process.ExitCode == 0)
            return output.Result;
        var reason = string.Join(' ', errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        throw Passing().IsMatch(reason) ? new SlurmUnreachableException(reason) : new IOException($"{command} refuses: {reason}");
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

    /// <summary>What goes away by itself: the controller is down or busy, or the user has as many jobs as are allowed.</summary>
    [GeneratedRegex("contact slurm controller|timed out|Connection (refused|reset)|Transport endpoint|Zero Bytes|(receive|send|connection) failure"
        + "|temporarily|try again|MaxSubmit|MaxJob",
        RegexOptions.IgnoreCase)]
    private static partial Regex Passing();
}

/// <summary>Slurm cannot be asked now. The message says what its command said.</summary>
public sealed class SlurmUnreachableException(string message) : Exception(message);
