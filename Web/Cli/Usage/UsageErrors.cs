using System.CommandLine;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Web.Cli.Usage;

/// <summary>Says what is wrong with a command line: names it, suggests the nearest, lists what there is.</summary>
internal static class UsageErrors
{
    /// <returns>One fault a line, and where to read on.</returns>
    public static string Describe(ParseResult parsed)
    {
        var lines = new List<string>();
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens.ToHashSet(StringComparer.Ordinal);
        // What follows an unknown command or option belongs to it.
        if (parsed.UnmatchedTokens.Count > 0)
            lines.Add(Describe(parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-')) ?? parsed.UnmatchedTokens[0], command));
        foreach (var message in parsed.Errors.Select(error => error.Message)
            .Where(message => !unknown.Any(token => message.Contains($"'{token}'")))
            .Distinct())
            lines.Add(message);
        lines.Add($"See: dashboard {string.Concat(UsageHelp.Names(command).Select(name => name + " "))}--help");
        return string.Join(Environment.NewLine, lines);
    }

    private static string Describe(string token, Command command)
    {
        if (token.StartsWith('-'))
        {
            var options = command.Options.Concat(command.Parents.OfType<Command>()
                .SelectMany(parent => parent.Options)
                .Where(option => option.Recursive)).Where(option => !option.Hidden);
            return Describe("option", token, [.. options.Select(option => option.Name).Distinct()]);
        }
        return command.Subcommands.Count > 0
            ? Describe("command", token, [.. command.Subcommands.Where(known => !known.Hidden).Select(known => known.Name)])
            : $"'{token}' is one argument too many.";
    }

    private static string Describe(string kind, string token, IReadOnlyList<string> known)
    {
        var nearest = known.MinBy(name => Spelling.Distance(name, token))!;
        var hint = Spelling.Distance(nearest, token) <= 3 ? $" Did you mean {nearest}?" : "";
        return $"There is no {kind} '{token}'.{hint} Known {kind}s: {string.Join(", ", known)}.";
    }
}
