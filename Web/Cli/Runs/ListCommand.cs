using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Web.Cli.Display;
using Spectre.Console;

namespace Dashboard.Web.Cli.Runs;

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
        var table = new CommandTable(
            new("RUN", IsWhole: true), new("STATE", IsWhole: true, Colour: StateColour), new("mIoU", IsNumber: true), new("DONE", IsNumber: true),
            new("DATA SET"), new("NAME"));
        foreach (var run in runs)
            table.Add(
                run.Spec.Id,
                run.State.ToString().ToLowerInvariant(),
                run.Miou is { } miou ? (100 * miou).ToString("0.0", CultureInfo.InvariantCulture) : "",
                (100 * run.Fraction).ToString("0", CultureInfo.InvariantCulture) + "%",
                run.Spec.Dataset,
                run.Spec.Name ?? "");
        table.Print();
        foreach (var run in runs.Where(run => run.State == RunState.Damaged))
            Console.Error.WriteLine($"{run.Spec.Id}: {run.Message}");
    }

    private static Color? StateColour(string state) => state switch
    {
        "finished" => Color.Green,
        "failed" or "damaged" => Color.Red,
        "running" => Color.Blue,
        "interrupted" => Color.Yellow,
        _ => null,
    };
}
