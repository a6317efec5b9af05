using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Web.Cli.Display;

namespace Dashboard.Web.Cli.Inference;

/// <summary><c>dashboard segment</c>: masks of a folder of images from a trained segmentation network.</summary>
internal static class SegmentCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Required = true, HelpName = "RUN",
            Description = "A run of the method segment: its identifier, the beginning of it, or its folder." };
        var images = new Option<string>("--images") { Required = true, HelpName = "DIR", Description = "Folder of the images." };
        var output = new Option<string>("--out") { Required = true, HelpName = "DIR",
            Description = "Folder of the masks: one indexed PNG an image, with VOC's palette. Nothing in it is overwritten." };
        var crf = new Option<bool?>("--crf") { HelpName = "true|false",
            Description = "Whether a dense CRF sharpens the masks. Without it: as the run was told." };
        var flip = new Option<bool?>("--flip") { HelpName = "true|false",
            Description = "Whether the mirrored image is looked at, too. Without it: as the run was told." };
        var device = new Option<string>("--device") { HelpName = "DEVICE", Description = "cpu, cuda or cuda:N. Without it: cpu.",
            DefaultValueFactory = _ => "cpu" };
        var json = new Option<bool>("--json") { Description = "Prints the result as one JSON object." };
        var command = new Command("segment", "Gives every image of a folder a mask, by a segmentation network that a run has trained.") { model,
            images, output, crf, flip, device, json };
        command.SetAction((parsed, _) => Task.Run(() =>
        {
            var context = new CommandContext(parsed);
            using var stop = StopSignal.OfProcess();
            var (run, folder) = (context.Find(parsed.GetValue(model)!), Path.GetFullPath(parsed.GetValue(output)!));
            var prediction = FolderPrediction.Prepare(parsed.GetValue(images)!, folder);
            var started = context.Time.GetTimestamp();
            using var predictor = SegmentPredictor.Open(run, LoadedLibtorch.Device(parsed.GetValue(device)!));
            var test = predictor.Test with { Crf = parsed.GetValue(crf) ?? predictor.Test.Crf, Flip = parsed.GetValue(flip) ?? predictor.Test.Flip };
            var display = new ProgressDisplay(context.Time);
            var projection = new RunProjection();
            display.Say($"{predictor.Shape}, run {run.Id} after epoch {predictor.Epoch}: {test}.");
            IReadOnlyList<string> failed;
            try
            {
                failed = prediction.Run(predictor, test, next => display.Show(next, projection), context.Time, stop.Token);
            }
            finally
            {
                display.Close();
            }

            var (written, seconds) = (prediction.Count - failed.Count, context.Time.GetElapsedTime(started).TotalSeconds);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(
                    new { run = run.Id, folder, images = prediction.Count, written, failed, labels = predictor.Labels, test.Scales, test.Flip,
                        test.Crf, predictor.Epoch, seconds }, RunJson.Line));
            else
                Console.WriteLine(
                    $"{written} of {prediction.Count} masks in {folder}. Labels: "
                    + $"{string.Join(", ", predictor.Labels.Select((name, label) => $"{label} {name}"))}.");
            return failed.Count == 0 ? DashboardCommand.Done : DashboardCommand.Failed;
        }));
        return command;
    }
}
