using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Execution;
using Dashboard.Backend.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli;

/// <summary><c>dashboard worker RUN_FOLDER</c>: the process that executes one run; what the queue, <c>train</c> and a cluster scheduler start.</summary>
public static class WorkerCommand
{
    internal static Command Create()
    {
        var folder = new Argument<string>("RUN_FOLDER") { Description = "The folder that holds the run's spec.json." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Executes one batch and prints what it costs as one JSON object." };
        var command = new Command("worker", "Executes the run of a folder in this process, from its last checkpoint where there is one.") { folder, dryRun };
        command.SetAction((parsed, _) =>
        {
            var context = new CommandContext(parsed);
            using var stop = StopSignal.OfProcess();
            var worker = new Worker(MethodRegistry.Create, context.Datasets, context.Data, context.Time);
            return Task.FromResult(Execute(worker, new RunFolder(parsed.GetValue(folder)!), parsed.GetValue(dryRun), stop));
        });
        return command;
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
