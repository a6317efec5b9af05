using System.CommandLine;
using Dashboard.Web.Server;

namespace Dashboard.Web.Cli;

/// <summary><c>dashboard serve</c>, and what happens without a command.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Serves the dashboard in the browser and starts what is queued. The default. Runs go on when it ends.");
        AddAction(command);
        return command;
    }

    /// <summary>Without a command, and <c>dashboard --urls U</c> too.</summary>
    public static void MakeDefault(RootCommand root) => AddAction(root);

    private static void AddAction(Command command)
    {
        var urls = new Option<string?>(
            "--urls") { Description = $"Addresses to listen on, separated by semicolons. Without it: {ServeOptions.DefaultUrls}.", HelpName = "U" };
        command.Options.Add(urls);
        command.SetAction((parsed, _) => DashboardServer.RunAsync(new ServeOptions(parsed.GetValue(urls), new CommandContext(parsed).Data.Path)));
    }
}
