using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Web.Cli.Launch;

namespace Dashboard.Web.Cli.Usage;

/// <summary>What <c>--help</c> prints: the whole command line at once, or one command; after <c>train</c>, the options of every method.</summary>
internal sealed class UsageHelp(SynchronousCommandLineAction ofOneCommand) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var (command, output) = (parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        if (command is not RootCommand)
            ofOneCommand.Invoke(parseResult);
        else
            PrintAll(command, output);
        if (command.Name == TrainCommand.Name)
            foreach (var method in MethodCatalog.All)
                PrintMethod(method, output);
        return DashboardCommand.Done;
    }

    private static void PrintAll(Command root, TextWriter output)
    {
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine("Usage: dashboard [COMMAND] [--data DIR]      (in a clone of the project: ./run [COMMAND] ...)");
        output.WriteLine();
        foreach (var command in root.Subcommands.Where(command => !command.Hidden).SelectMany(Leaves))
        {
            output.WriteLine($"  {Syntax(command)}");
            output.WriteLine($"      {command.Description}");
        }
        output.WriteLine();
        output.WriteLine($"  --data DIR   {CommandContext.DataOption.Description}");
        output.WriteLine("  --version    The program's commit, and the libtorch that it computes with.");
        output.WriteLine("  --help       After a command: its options in full; after train: those of every method too.");
        output.WriteLine();
        output.WriteLine(
            "Exit codes: 0 done, 1 failed, 2 wrong usage. With --json the last line of standard output is one JSON object; everything else goes to "
            + "standard error.");
    }

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    /// <summary>As typed: "dataset", "check".</summary>
    internal static IEnumerable<string> Names(Command command) =>
        command is RootCommand
            ? []
            : [.. command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).Select(parent => parent.Name), command.Name];

    /// <summary>As in: train METHOD --dataset D [--preset P] [--set NAME=VALUE]...</summary>
    private static string Syntax(Command command)
    {
        var arguments = command.Arguments.Select(argument => argument.Name);
        var options = command.Options.Where(option =>
            option is not HelpOption && !option.Hidden).OrderByDescending(option => option.Required).Select(option =>
        {
            var text = option.HelpName is null ? option.Name : $"{option.Name} {option.HelpName}";
            return (option.Required ? text : $"[{text}]") + (option.Arity.MaximumNumberOfValues > 1 ? "..." : "");
        });
        return string.Join(' ', [.. Names(command), .. arguments, .. options]);
    }

    private static void PrintMethod(MethodDescriptor method, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{method.Name}: {method.Title}. {method.Description}");
        foreach (var preset in method.Presets)
            output.WriteLine($"  --preset {preset.Name,-10} {preset.Title}. {preset.Description}");
        foreach (var group in method.Schema.Fields.GroupBy(field => field.Group))
        {
            output.WriteLine($"  {group.Key}:");
            foreach (var field in group)
                output.WriteLine($"    {$"--set {field.Name}={OptionField.Format(field.Default)}",-32} {field.Description} Legal: {field.Legal}.");
        }
    }
}
