using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;

namespace Dashboard.Web.Cli;

/// <summary>
/// <c>dashboard worker RUN_FOLDER</c>: the process that executes one run; what the queue, <c>train</c> and a cluster scheduler start.
/// </summary>
public static class WorkerCommand
{
    internal static Command Create()
    {
        var folder = new Argument<string>("RUN_FOLDER") { Description = "The folder that holds the run's spec.json." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Executes one batch and prints what it costs as one JSON object." };
        var device = new Option<string?>("--device") { HelpName = "DEVICE",
            Description = "cpu or cuda:N, in place of what the run asks for. Without it: as the run's spec says." };
        var root =
            new Option<string[]>("--root") { HelpName = "DIR",
                Description = "Holds absolute paths in lists of images to this folder; may be given several times. Without it: to none.",
                Arity = ArgumentArity.OneOrMore };
        var command = new Command("worker", "Executes the run of a folder in this process, from its last checkpoint where there is one.") { folder,
            dryRun, device, root };
        command.SetAction((parsed, _) =>
        {
            var context = new CommandContext(parsed);
            using var stop = StopSignal.OfProcess();
            var worker = new Worker(Create, context.Datasets, context.Data, context.Time)
            {
                Device = parsed.GetValue(device),
                Refuse = parsed.GetValue(root) is { Length: > 0 } roots ? new AllowedRoots(roots).Refuse : _ => null,
            };
            return Task.FromResult(Execute(worker, new RunFolder(parsed.GetValue(folder)!), parsed.GetValue(dryRun), stop));
        });
        return command;
    }

    /// <summary>Loads libtorch first: what it lacks then becomes the run's failure.</summary>
    private static IRunMethod Create(string method)
    {
        LoadedLibtorch.Load();
        return MethodRegistry.Create(method);
    }

    /// <returns>The exit code.</returns>
    public static int Execute(Worker worker, RunFolder folder, bool dryRun, StopSignal stop)
    {
        try
        {
            if (!dryRun)
                return worker.Execute(folder, stop);
            Console.WriteLine(JsonSerializer.Serialize(worker.DryRun(folder, stop), RunJson.Line));
            return DashboardCommand.Done;
        }
        catch (InvalidRunException error)
        {
            Console.Error.WriteLine(error.Message);
            return DashboardCommand.Failed;
        }
    }
}
