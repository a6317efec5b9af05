using Spectre.Console;

namespace Dashboard.Web.Cli.Display;

/// <summary>
/// The terminal behind a stream of the program, where there is one: where output goes to a file or another program, it is plain lines.
/// </summary>
internal static class Terminal
{
    /// <summary>Null where standard output is not a terminal.</summary>
    public static IAnsiConsole? Output { get; } = Console.IsOutputRedirected ? null : On(Console.Out);

    /// <summary>Null where standard error is not a terminal.</summary>
    public static IAnsiConsole? Error { get; } = Console.IsErrorRedirected ? null : On(Console.Error);

    private static IAnsiConsole On(TextWriter stream) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(stream) });
}
