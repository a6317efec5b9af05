using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Launch;

/// <summary>Executes a plan in the foreground, one run after the other; what a dashboard or another command executes already is waited for.</summary>
internal sealed class ForegroundPlan(CommandContext context)
{
    /// <summary>What would be done now.</summary>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public SettledPlan Settle(IReadOnlyList<WantedRun> wanted, IRunStore store) =>
        RunPlan.Prepare(wanted, new(context.Datasets, context.Models), store, context.Time)
            .Settle(store, id => Path.Exists(context.Data.Run(id).Path), context.Time);

    /// <summary>Makes the runs of the plan; this process starts their workers.</summary>
    /// <exception cref="IOException">The disk is full; nothing is left.</exception>
    public void Write(SettledPlan plan, Action? alongside = null, Func<PlannedRun, string?>? folderOf = null) =>
        PlanFolders.Write(plan.Runs, context.Data, context.Time, ProcessIdentity.Current, alongside, folderOf);

    /// <param name="execute">Executes one run in the foreground, and returns the exit code.</param>
    /// <returns>The exit code of the first run that did not finish; what was to follow it ends with it.</returns>
    public async Task<int> ExecuteAsync(SettledPlan plan, Func<PlannedRun, RunFolder, Task<int>> execute)
    {
        foreach (var run in plan.Runs.Where(run => run.Step != PlanStep.Reuse))
        {
            var folder = context.Data.Run(run.Spec.Id);
            if (run.Step == PlanStep.Wait)
                await WaitAsync(run, folder);
            var code = EventLogReader.ReadLast(folder.Events) is RunFinished && run.Step == PlanStep.Wait ? DashboardCommand.Done : await execute(run,
                folder);
            if (code == DashboardCommand.Done)
                continue;
            EndWhatFollows(plan, run);
            return code;
        }
        return DashboardCommand.Done;
    }

    /// <summary>Until the run is over, or nobody is there who would start it: then it is ours.</summary>
    private async Task WaitAsync(PlannedRun run, RunFolder folder)
    {
        using var stop = StopSignal.OfProcess();
        await Console.Error.WriteLineAsync($"Waiting for {run.Spec.Id}, which is executed elsewhere.");
        while (WorkerLock.Holder(folder, context.Time) is not null
            || (QueueTicket.Read(folder) is { } ticket && (ticket.Launcher is not null || context.Data.Leader(context.Time) is not null)))
            await Task.Delay(TimeSpan.FromSeconds(0.5), stop.Token);
        if (EventLogReader.ReadLast(folder.Events) is not RunFinished)
            RunResumption.Queue(folder, context.Time, ProcessIdentity.Current);
    }

    private void EndWhatFollows(SettledPlan plan, PlannedRun ended)
    {
        var states = new Dictionary<string, RunState> { [ended.Spec.Id] = RunStore.Look(context.Data.Run(ended.Spec.Id), context.Time).State };
        foreach (var run in plan.Runs.SkipWhile(run => run != ended).Where(run => run.IsQueued))
        {
            if (run == ended || run.Spec.Inputs.FirstOrDefault(input => states.ContainsKey(input.Value)) is not { Key: { } role, Value: var id })
            {
                // It starts from none that has ended, and would have come later: it can be resumed.
                if (run != ended)
                    LastWords.Speak(context.Data.Run(run.Spec.Id), context.Time, new RunCancelled());
                continue;
            }
            LastWords.Speak(context.Data.Run(run.Spec.Id), context.Time, LastWords.Following(states[id], RunInputs.Complaint(role, id, states[id])));
            states[run.Spec.Id] = states[id] == RunState.Cancelled ? RunState.Cancelled : RunState.Failed;
        }
    }
}
