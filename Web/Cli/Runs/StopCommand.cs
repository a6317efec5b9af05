using System.CommandLine;
using Dashboard.Backend.Execution.Executors.Slurm;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Web.Cli.Runs;

/// <summary><c>dashboard stop ID</c>: with and without a dashboard, for the run's folder tells who executes it.</summary>
internal static class StopCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("ID") { Description = "The run's identifier, the beginning of it, or its folder." };
        var command = new Command("stop", "Stops a run, queued or running, and returns when its process is gone.") { run };
        command.SetAction((parsed, _) => StopAsync(new CommandContext(parsed), parsed.GetValue(run)!));
        return command;
    }

    private static async Task<int> StopAsync(CommandContext context, string name)
    {
        var folder = context.Find(name);
        var wasLive = WorkerLock.Holder(folder, context.Time) is not null || QueueTicket.Read(folder) is not null;
        if (wasLive)
        {
            var slurm = new SlurmExecutor(context.Program, new(), context.Data, context.Time, NullLogger<SlurmExecutor>.Instance);
            await new RunStopper(context.Time, RunStopper.DefaultGrace, slurm.Cancel).StopAsync(folder);
            // One that still waits in a cluster's queue.
            slurm.Cancel(folder);
        }
        var isCancelled = EventLogReader.ReadLast(folder.Events) is RunCancelled;
        if (wasLive && isCancelled)
            Console.WriteLine($"{folder.Id} was cancelled.");
        else
            await Console.Error.WriteLineAsync(
                $"{folder.Id} {(wasLive ? "has ended by itself" : "is neither running nor queued")}: there is nothing to stop.");
        return wasLive && isCancelled ? DashboardCommand.Done : DashboardCommand.Failed;
    }
}
