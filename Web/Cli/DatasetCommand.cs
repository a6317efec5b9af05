using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli;

/// <summary><c>dashboard dataset make|check</c>.</summary>
internal static class DatasetCommand
{
    public static Command Create() => new("dataset", "Makes and checks data sets.") { Make(), Check() };

    private static Command Make()
    {
        var kind = new Argument<string>("cooccurrence") { Description = "The built-in data set, the co-occurrence world." };
        kind.AcceptOnlyFromAmong(CooccurrenceWorld.Kind);
        var output = new Option<string>("--out") { Required = true, HelpName = "DIR", Description = "The folder to make; VOC layout." };
        var train = new Option<int>("--train") { HelpName = "N", Description = "Training images.", DefaultValueFactory = _ => CooccurrenceWorld.DefaultTrain };
        var val = new Option<int>("--val") { HelpName = "N", Description = "Validation images.", DefaultValueFactory = _ => CooccurrenceWorld.DefaultVal };
        var seed = new Option<long>("--seed") { HelpName = "S", Description = "The same seed draws the same images.", DefaultValueFactory = _ => 0 };
        var size = new Option<int>("--size") { HelpName = "PX", Description = "Side of the images in pixels.", DefaultValueFactory = _ => CooccurrenceWorld.DefaultSize };
        var captions = new Option<int>("--captions") { HelpName = "N", Description = "Pairs of image and caption beside them.", DefaultValueFactory = _ => 0 };
        var command = new Command("make", "Generates the built-in data set.") { kind, output, train, val, seed, size, captions };
        command.SetAction((parsed, _) =>
        {
            using var stop = StopSignal.OfProcess();
            var made = CooccurrenceWorld.Make(
                parsed.GetValue(output)!, parsed.GetValue(train), parsed.GetValue(val), parsed.GetValue(captions), parsed.GetValue(seed), parsed.GetValue(size), cancellation: stop.Token);
            Console.WriteLine($"{made.Name}: {string.Join(", ", made.Splits.Select(split => $"{made.Samples(split).Count} images in {split}"))}. {made.Root}");
            return Task.FromResult(DashboardCommand.Done);
        });
        return command;
    }

    private static Command Check()
    {
        var folder = new Argument<string>("DIR") { Description = "A data set's folder." };
        var json = new Option<bool>("--json") { Description = "Prints the report as one JSON object." };
        var command = new Command("check", "Looks at every list, tag, image and mask of a data set and reports everything that is wrong; exit code 1 when a run would fail on it.") { folder, json };
        command.SetAction((parsed, _) =>
        {
            using var stop = StopSignal.OfProcess();
            var report = DatasetCheck.Run(Path.GetFullPath(parsed.GetValue(folder)!), cancellation: stop.Token);
            var output = parsed.GetValue(json) ? Console.Error : Console.Out;
            foreach (var note in report.Notes)
                output.WriteLine($"note: {note}");
            foreach (var problem in report.Problems)
                output.WriteLine($"{problem.Severity.ToString().ToLowerInvariant()}: {problem}");
            foreach (var split in report.Splits)
                output.WriteLine($"{split.Split}: {split.Images} images, {split.Masks} with mask");
            output.WriteLine($"{report.Name}: {report.Errors} errors, {report.Warnings} warnings.");
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(report, RunJson.Line));
            return Task.FromResult(report.Errors == 0 ? DashboardCommand.Done : DashboardCommand.Failed);
        });
        return command;
    }
}
