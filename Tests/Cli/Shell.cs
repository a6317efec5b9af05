using System.Diagnostics;
using System.Text.Json.Serialization;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

/// <summary>Calls the executable as a person at a shell does.</summary>
internal static class Shell
{
    /// <summary>
    /// Executed by a program that may have executed others before, which is quicker: for what a command says, not for how its process starts or ends.
    /// Ends within five minutes, on a busy machine too, or fails the test.
    /// </summary>
    public static Task<Answer> AskAsync(params string[] arguments) => WarmProgram.ExecuteAsync(arguments);

    /// <summary>The same in a process of its own.</summary>
    public static async Task<Answer> CallAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        return new Answer(process.ExitCode, await output, await error);
    }

    /// <summary>
    /// With Ctrl-C as a terminal gives it, also where whoever runs the tests ignores it, as a shell does for what it starts in the background.
    /// </summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", TestProgram.Path, .. arguments]) { RedirectStandardOutput = true,
            RedirectStandardError = true })!;

    internal sealed record Answer(int ExitCode, string Output, string Error)
    {
        [JsonIgnore]
        public string LastLine => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
    }
}
