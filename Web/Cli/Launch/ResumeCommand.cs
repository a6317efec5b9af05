using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Launch;

/// <summary><c>dashboard resume ID</c>.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("ID") { Description = "The run's identifier, the beginning of it, or its folder." };
        var json = new Option<bool>("--json") { Description =
            "Prints the result as one JSON object; where a dashboard takes the run over, says that it is queued." };
        var halfBatch = new Option<bool>("--half-batch") { Description =
            "After memory ran out: launches the run anew, as a run of its own, with half its batchSize, which gives another result; or half its "
            + "pairsAtOnce where it has them, which does not." };
        var command = new Command(
            "resume",
            "Goes on with an interrupted, failed or cancelled run from its last checkpoint. Where a dashboard serves the data folder, the run is "
            + "queued there; otherwise it goes on in the foreground.") { run, halfBatch, json };
        command.SetAction((parsed, _) =>
        {
            var (context, name) = (new CommandContext(parsed), parsed.GetValue(run)!);
            return parsed.GetValue(halfBatch) ? HalveAsync(context, name, parsed.GetValue(json)) : ResumeAsync(context, name, parsed.GetValue(json));
        });
        return command;
    }

    private static Task<int> HalveAsync(CommandContext context, string name, bool json)
    {
        var run = RunStore.Look(context.Find(name), context.Time);
        var smaller = SmallerBatch.Of(run) ?? throw new InvalidRunException("halfBatch",
            $"--half-batch: {run.Spec.Id} "
            + $"{(run.State == RunState.Failed ? "has not failed for memory, or has no batch to halve" : run.State.AsVerb())}. "
            + "It is for a run that has failed because memory ran out.");
        return TrainCommand.ExecuteAsync(smaller.Request, [], output: null, json, context);
    }

    private static async Task<int> ResumeAsync(CommandContext context, string name, bool json)
    {
        var folder = context.Find(name);
        var spec = folder.ReadSpec();
        if (WorkerLock.Holder(folder, context.Time) is { IsLocal: false } worker)
        {
            await Console.Error.WriteLineAsync($"Looking whether the worker on {worker.Host} still goes on.");
            await WorkerLock.WatchAsync(folder, context.Time, CancellationToken.None);
        }
        RunResumption.Check(RunStore.Look(folder, context.Time));
        if (await context.Data.WatchLeaderAsync(context.Time, CancellationToken.None) is { } leader
            && Directory.Exists(context.Data.Run(spec.Id).Path))
        {
            using (var store = RunStore.Look(context.Data, context.Time))
                foreach (var other in RunResumption.Following(spec.Id, store))
                    RunResumption.Queue(context.Data.Run(other.Spec.Id), context.Time);
            RunResumption.Queue(folder, context.Time);
            Console.WriteLine(json
                ? JsonSerializer.Serialize(new { run = spec.Id, folder = folder.Path, state = RunState.Queued }, RunJson.Line)
                : $"{spec.Id} is queued; {Lead.Name(leader)}, which serves {context.Data.Path}, starts it.");
            return DashboardCommand.Done;
        }
        RunResumption.Queue(folder, context.Time, ProcessIdentity.Current);
        return await new ForegroundRun(context, folder, spec).ExecuteAsync(json);
    }
}
