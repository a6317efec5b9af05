using System.CommandLine;
using Dashboard.Backend.Runs.Store;

namespace Dashboard.Web.Cli.Runs;

/// <summary><c>dashboard reindex</c>.</summary>
internal static class ReindexCommand
{
    public static Command Create()
    {
        var command = new Command("reindex", "Rebuilds the index of all runs from the run folders alone.");
        command.SetAction(async (parsed, stop) =>
        {
            var context = new CommandContext(parsed);
            // One on another host may be gone: it has time to show that it lives.
            await context.Data.WatchLeaderAsync(context.Time, stop);
            var runs = RunStore.Reindex(context.Data, context.Time);
            Console.WriteLine($"{runs} runs in {context.Data.Index}");
            return DashboardCommand.Done;
        });
        return command;
    }
}
