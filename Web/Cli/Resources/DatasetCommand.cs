using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Datasets.Preview;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Pictures;
using Dashboard.Domain.Runs;
using Dashboard.Web.Cli.Display;

namespace Dashboard.Web.Cli.Resources;

/// <summary><c>dashboard dataset make|check</c>.</summary>
internal static class DatasetCommand
{
    public static Command Create() => new("dataset", "Makes and checks data sets.") { Make(), Check() };

    /// <summary>Long side of the pictures that <c>--overlays</c> writes, in pixels.</summary>
    private const int OverlaySide = 640;

    private static Command Make()
    {
        var kind = new Argument<string>("cooccurrence") { Description = "The built-in data set, the co-occurrence world." };
        kind.AcceptOnlyFromAmong(CooccurrenceWorld.Kind);
        var output = new Option<string>("--out") { Required = true, HelpName = "DIR", Description = "The folder to make; VOC layout." };
        var train = new Option<int>("--train") { HelpName = "N", Description = "Training images.",
            DefaultValueFactory = _ => CooccurrenceWorld.DefaultTrain };
        var val =
            new Option<int>("--val") { HelpName = "N", Description = "Validation images.", DefaultValueFactory = _ => CooccurrenceWorld.DefaultVal };
        var seed = new Option<long>("--seed") { HelpName = "S", Description = "The same seed draws the same images.", DefaultValueFactory = _ => 0 };
        var size = new Option<int>("--size") { HelpName = "PX", Description = "Side of the images in pixels.",
            DefaultValueFactory = _ => CooccurrenceWorld.DefaultSize };
        var captions =
            new Option<int>("--captions") { HelpName = "N", Description = "Pairs of image and caption beside them.", DefaultValueFactory = _ => 0 };
        var command = new Command("make", "Generates the built-in data set.") { kind, output, train, val, seed, size, captions };
        command.SetAction((parsed, _) =>
        {
            using var stop = StopSignal.OfProcess();
            var made = CooccurrenceWorld.Make(
                parsed.GetValue(output)!, parsed.GetValue(train), parsed.GetValue(val), parsed.GetValue(captions), parsed.GetValue(seed),
                parsed.GetValue(size), cancellation: stop.Token);
            Console.WriteLine(
                $"{made.Name}: {string.Join(", ", made.Splits.Select(split => $"{made.Samples(split).Count} images in {split}"))}. {made.Root}");
            return Task.FromResult(DashboardCommand.Done);
        });
        return command;
    }

    private static Command Check()
    {
        var folder = new Argument<string>("DIR") { Description = "A data set's folder." };
        var json = new Option<bool>("--json") { Description = "Prints the report as one JSON object." };
        var overlays = new Option<string>("--overlays") { HelpName = "DIR",
            Description = $"Writes {PreviewMaker.Pictures} images under the colours of their masks into this folder." };
        var command =
            new Command(
                "check",
                "Tells what was read from a data set, checks all its lists, tags, images and masks, and reports everything that is wrong; exit "
                + "code 1 when a run would fail on it.") { folder, json, overlays };
        command.SetAction((parsed, _) =>
        {
            using var stop = StopSignal.OfProcess();
            var output = parsed.GetValue(json) ? Console.Error : Console.Out;
            var root = Path.GetFullPath(parsed.GetValue(folder)!);
            // What was read comes first, in seconds: the check decodes every file.
            var preview = Preview(root, stop.Token, out var dataset);
            foreach (var line in preview is null ? [] : PreviewText.Lines(preview))
                output.WriteLine(line);
            if (preview is not null && parsed.GetValue(overlays) is { } pictures)
                WriteOverlays(dataset!, preview, pictures, output);
            var report = dataset is null ? DatasetCheck.Run(root, cancellation: stop.Token) : DatasetCheck.Run(dataset, cancellation: stop.Token);
            foreach (var note in report.Notes)
                output.WriteLine($"note: {note}");
            foreach (var problem in report.Problems)
                output.WriteLine($"{problem.Severity.ToString().ToLowerInvariant()}: {problem}");
            foreach (var split in report.Splits)
                output.WriteLine($"{split.Split}: {split.Images} images, {split.Masks} with mask");
            output.WriteLine($"{report.Name}: {report.Errors} errors, {report.Warnings} warnings.");
            if (parsed.GetValue(json))
            {
                var answer = JsonSerializer.SerializeToNode(report, RunJson.Line)!.AsObject();
                answer["preview"] = JsonSerializer.SerializeToNode(preview, RunJson.Line);
                Console.WriteLine(answer.ToJsonString(RunJson.Line));
            }
            return Task.FromResult(report.Errors == 0 ? DashboardCommand.Done : DashboardCommand.Failed);
        });
        return command;
    }

    /// <summary>Null where the folder cannot be opened, which the check tells.</summary>
    private static DatasetPreview? Preview(string root, CancellationToken stop, out IImageDataset? dataset)
    {
        try
        {
            dataset = DatasetCatalog.OpenFolder(root);
        }
        catch (DatasetException)
        {
            dataset = null;
            return null;
        }
        return PreviewMaker.Make(dataset, cancellation: stop);
    }

    private static void WriteOverlays(IImageDataset dataset, DatasetPreview preview, string folder, TextWriter output)
    {
        Directory.CreateDirectory(folder);
        foreach (var picture in preview.Pictures)
        {
            var path = Path.Combine(folder, $"{picture.Split}-{picture.Id.Replace('/', '-')}.jpg");
            try
            {
                var sample = dataset.ReadSplit(picture.Split, _ => { }).First(sample => sample.Id == picture.Id);
                File.WriteAllBytes(
                    path, LabelOverlay.Draw(sample.ReadReduced(OverlaySide), sample.MaskPath is null ? null : sample.ReadLabels(),
                        dataset.Classes.LabelNames, OverlaySide));
                output.WriteLine($"  wrote {path}");
            }
            catch (ImageException error)
            {
                output.WriteLine($"  {path} was not written: {error.Message}");
            }
        }
    }
}
