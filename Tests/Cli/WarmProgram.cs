using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

/// <summary>
/// The tests' executable, which executes one command line after the other as it would its only one. Starting it anew costs more than most commands.
/// </summary>
internal sealed class WarmProgram
{
    /// <summary>What the executable is told to do, in place of a command.</summary>
    public const string Command = "commands";

    /// <summary>Those that wait for a command line. They end with this process, whose pipe they read.</summary>
    private static readonly ConcurrentBag<WarmProgram> Idle = [];

    private readonly Process _process = Process.Start(
        new ProcessStartInfo(TestProgram.Path, [Command]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>By one that nobody else is waiting for.</summary>
    public static async Task<Shell.Answer> ExecuteAsync(string[] arguments)
    {
        var program = Idle.TryTake(out var idle) ? idle : new WarmProgram();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await program._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(arguments).AsMemory(), patience.Token);
        await program._process.StandardInput.FlushAsync(patience.Token);
        var answer = await program._process.StandardOutput.ReadLineAsync(patience.Token)
            ?? throw new InvalidOperationException($"'{string.Join(' ', arguments)}' has ended the program.");
        Idle.Add(program);
        return JsonSerializer.Deserialize<Shell.Answer>(answer)!;
    }

    /// <summary>The other end: until nothing more comes from standard input.</summary>
    public static async Task<int> AnswerAsync()
    {
        var answers = Console.Out;
        // Always the same, as a process has one of each.
        using var output = new StringWriter();
        using var error = new StringWriter();
        Console.SetOut(output);
        Console.SetError(error);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var code = await TestProgram.RunAsync(JsonSerializer.Deserialize<string[]>(line)!);
            await answers.WriteLineAsync(JsonSerializer.Serialize(new Shell.Answer(code, output.ToString(), error.ToString())));
            await answers.FlushAsync();
            output.GetStringBuilder().Clear();
            error.GetStringBuilder().Clear();
        }
        return 0;
    }
}
