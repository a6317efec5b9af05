using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Runs;

/// <summary><c>dashboard verify</c>: scores a finished run again from what lies in its folder.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The run's identifier, the beginning of it, or its folder." };
        var json = new Option<bool>("--json") { Description = "Prints the rows as one JSON object." };
        var command = new Command("verify",
            "Scores a finished run again from its stored maps and masks, and says whether every row is as it was recorded.") { run, json };
        command.SetAction((parsed, _) =>
        {
            var context = new CommandContext(parsed);
            using var stop = StopSignal.OfProcess();
            var folder = context.Find(parsed.GetValue(run)!);
            var evaluations = EventLogReader.ReadAll(folder.Events).OfType<RunEvaluated>().ToList();
            var verified = RunVerification.Of(folder, context.Datasets.Open(folder.ReadSpec().Dataset, stop.Token), evaluations, stop: stop.Token);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(verified, RunJson.Line));
            else
                foreach (var row in verified.Rows)
                    Console.WriteLine(Describe(row));
            return Task.FromResult(verified.Matches ? DashboardCommand.Done : DashboardCommand.Failed);
        });
        return command;
    }

    private static string Describe(VerifiedRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Row}, {row.Protocol}: recorded mIoU {100 * row.Recorded:0.00}, "
        + $"{(row.Matches ? "matches." : $"does not match{(row.Measured is { } measured ? $", now {100 * measured:0.00}" : "")}. {row.Reason}")}");
}
