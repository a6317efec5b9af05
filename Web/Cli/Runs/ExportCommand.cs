using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Exchange;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Runs;

/// <summary><c>dashboard export</c>: a run's results in the formats that the field uses.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The run's identifier, or the beginning of it." };
        var format = new Option<string>("--as") { Required = true, HelpName = "FORMAT",
            Description = $"{ExportFormats.Names}: label maps in VOC's layout, label maps for COCO's tools, soft maps for NumPy, the network." };
        format.AcceptOnlyFromAmong(ExportFormats.Names.Split(", "));
        var output = new Option<string>("--out") { Required = true, HelpName = "PATH",
            Description = "What to write; it must not be there yet. voc and npy: a folder, or a zip archive where it ends in .zip." };
        var split = new Option<string?>("--split") { HelpName = "S",
            Description = "Only the images of this split. Without it: all that the run has maps of." };
        var threshold =
            new Option<double?>("--threshold") { HelpName = "T",
                Description =
                "voc and coco: labels of the run's soft maps at this threshold. Without it: its label maps, or its soft maps at the threshold of "
                + "its score." };
        var json = new Option<bool>("--json") { Description = "Prints what was written as one JSON object." };
        var command = new Command("export", "Writes a run's label maps, soft maps or network in formats that other programs read.") { run, format,
            output, split, threshold, json };
        command.SetAction((parsed, _) =>
        {
            var context = new CommandContext(parsed);
            using var stop = StopSignal.OfProcess();
            var (folder, path) = (context.Find(parsed.GetValue(run)!), Path.GetFullPath(parsed.GetValue(output)!));
            var request = new ExportRequest(ExportFormats.Find(parsed.GetValue(format)!)!.Value, parsed.GetValue(split), parsed.GetValue(threshold));
            var export = RunExport.Prepare(folder, request, name => context.Datasets.Open(name, stop.Token));
            export.Write(path, new Told(context.Time), stop.Token);
            if (parsed.GetValue(json))
                Console.WriteLine(
                    JsonSerializer.Serialize(new { Run = folder.Id, Format = request.Format.NameOf(), Path = path, Content = export.Description },
                        RunJson.Line));
            else
                Console.WriteLine($"{path}: {export.Description}.");
            return Task.FromResult(DashboardCommand.Done);
        });
        return command;
    }

    /// <summary>A line on standard error now and then.</summary>
    private sealed class Told(TimeProvider time) : IProgress<WorkProgress>
    {
        private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

        private long _told = time.GetTimestamp();

        public void Report(WorkProgress value)
        {
            if (time.GetElapsedTime(_told) < Pace)
                return;
            _told = time.GetTimestamp();
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Stage}: {value.Done} of {value.Total}"));
        }
    }
}
