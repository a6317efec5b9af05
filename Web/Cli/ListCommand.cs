using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli;

/// <summary><c>dashboard list</c>.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Prints all runs as one JSON object." };
        var command = new Command("list", "Lists all runs, newest first.") { json };
        command.SetAction((parsed, _) =>
        {
            var context = new CommandContext(parsed);
            using var store = RunStore.Look(context.Data, context.Time);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new { store.Runs }, RunJson.Line));
            else
                Print(store.Runs, context.Data);
            return Task.FromResult(DashboardCommand.Done);
        });
        return command;
    }

    private static void Print(IReadOnlyList<RunSummary> runs, DataFolder data)
    {
        if (runs.Count == 0)
        {
            Console.WriteLine($"There are no runs in {data.Runs}.");
            return;
        }
        var width = runs.Max(run => run.Spec.Id.Length);
        Console.WriteLine($"{"RUN".PadRight(width)}  STATE        mIoU   DONE  DATA SET");
        foreach (var run in runs)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Spec.Id.PadRight(width)}  {run.State.ToString().ToLowerInvariant(),-11} {100 * run.Miou,5:0.0}  {100 * run.Fraction,4:0}%  {run.Spec.Dataset}{(run.Spec.Name is { } name ? $"  \"{name}\"" : "")}"));
        foreach (var run in runs.Where(run => run.State == RunState.Damaged))
            Console.Error.WriteLine($"{run.Spec.Id}: {run.Message}");
    }
}
