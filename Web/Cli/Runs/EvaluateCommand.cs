using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Domain.Runs;
using Dashboard.Web.Cli.Display;

namespace Dashboard.Web.Cli.Runs;

/// <summary><c>dashboard evaluate</c>: scores label maps of any origin.</summary>
internal static class EvaluateCommand
{
    /// <summary>Label 255 means ignore.</summary>
    private const int MostClasses = 254;

    public static Command Create()
    {
        var prediction = new Option<string>("--prediction") { Required = true, HelpName = "DIR", Description = "Predicted label maps: ID.png." };
        var truth = new Option<string>("--truth") { Required = true, HelpName = "DIR",
            Description = "Ground truth under the same names; label 255 is left out." };
        var classes = new Option<int>("--classes") { Required = true, HelpName = "N",
            Description = "Number of classes without background: labels go from 0 (background) to N." };
        classes.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number is < 1 or > MostClasses)
                result.AddError($"--classes: {text} is not a whole number from 1 to {MostClasses}.");
        });
        var json = new Option<bool>("--json") { Description = "Prints the scores as one JSON object." };
        var command =
            new Command("evaluate", "Scores a folder of predicted label maps against the ground truth.") { prediction, truth, classes, json };
        command.SetAction((parsed, _) =>
        {
            using var stop = StopSignal.OfProcess();
            var score = LabelMapEvaluation.Run(parsed.GetValue(prediction)!, parsed.GetValue(truth)!, parsed.GetValue(classes) + 1, stop: stop.Token);
            if (score.Warning is { } warning)
                Console.Error.WriteLine($"Warning: {warning}");
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(score with { PerImage = [] }, RunJson.Line));
            else
                Print(score);
            return Task.FromResult(DashboardCommand.Done);
        });
        return command;
    }

    private static void Print(LabelMapEvaluation score)
    {
        var table = new CommandTable(new("CLASS"), new("IoU", IsNumber: true));
        for (var label = 0; label < score.PerClass.Count; label++)
            if (score.PerClass[label] is { } iou)
                table.Add(label == 0 ? "background" : $"class {label}", (100 * iou).ToString("0.00", CultureInfo.InvariantCulture));
        table.Print();
        var interval = score.Interval is { } bounds ? string.Create(CultureInfo.InvariantCulture,
            $", {100 * bounds.Level:0} % interval {100 * bounds.Low:0.00} to {100 * bounds.High:0.00}") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mIoU {100 * score.Miou:0.00} over {score.Images} images{interval}"));
    }
}
