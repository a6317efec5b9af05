using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using MudBlazor;

namespace Dashboard.Web.Components.Pages.Runs;

/// <summary>What is done to runs of a list, one or many: asked about first where something is lost, refused where other runs need them.</summary>
/// <param name="onDone">Called when something may have changed.</param>
public sealed class RunActions(IRunStore store, IRunQueue queue, Confirmation confirmation, ISnackbar notices, Action onDone)
{
    private readonly HashSet<string> _busy = [];

    public bool IsBusy(string id) => _busy.Contains(id);

    public static bool CanStop(RunSummary run) => run.State is RunState.Running or RunState.Queued;

    public async Task StopAsync(RunSummary run)
    {
        if (await confirmation.AskAsync($"Stop {run.Spec.Title}? {WhatStays(run)}", "Stop run", "Stop run"))
            await AttemptAsync(run, () => queue.StopAsync(run.Spec.Id));
    }

    public async Task StopAsync(IReadOnlyList<RunSummary> runs)
    {
        if (runs is [var only])
            await StopAsync(only);
        else if (await confirmation.AskAsync($"Stop {Names(runs)}? Each can be resumed; those that run go on from their last checkpoint then.",
            $"Stop {runs.Count} runs", "Stop them"))
            await AttemptAsync(runs, free => queue.StopAsync([.. free.Select(run => run.Spec.Id)]));
    }

    public Task ResumeAsync(RunSummary run) => AttemptAsync(run, () => Task.Run(() =>
    {
        // The second of two quick clicks finds that the first has done it.
        if (store.Find(run.Spec.Id) is not { State: RunState.Queued or RunState.Running or RunState.Finished })
            queue.Resume(run.Spec.Id);
    }));

    public async Task DeleteAsync(RunSummary run)
    {
        var dependants = Dependants(run).ToList();
        if (dependants.Count > 0)
            Refuse($"{run.Spec.Title} cannot be deleted: {string.Join(", ", dependants.Select(Title))} "
                + $"{(dependants.Count == 1 ? "starts" : "start")} from it. Delete {(dependants.Count == 1 ? "that run" : "those runs")} first.");
        else if (
            await confirmation.AskAsync(
                $"Delete {run.Spec.Title} with its checkpoints, snapshots and masks? No other run depends on it. This cannot be undone.",
                "Delete run", "Delete", destructive: true))
            await AttemptAsync(run, () => Task.Run(() => queue.Delete(run.Spec.Id)));
    }

    public async Task DeleteAsync(IReadOnlyList<RunSummary> runs)
    {
        var ids = runs.Select(run => run.Spec.Id).ToHashSet();
        var needed = runs.Select(run => (Run: run, By: Dependants(run).Where(other => !ids.Contains(other.Spec.Id)).Select(Title).ToList()))
            .Where(entry => entry.By.Count > 0)
            .ToList();
        if (needed.Count > 0)
            Refuse(string.Join(" ",
                needed.Select(entry => $"{Title(entry.Run)} is needed by {string.Join(", ", entry.By)}.")) + " Select those too, or leave it out.");
        else if (runs is [var only])
            await DeleteAsync(only);
        else if (
            await confirmation.AskAsync(
                $"Delete {Names(runs)} with their checkpoints, snapshots and masks? {Within(runs)}No other run depends on them. "
                    + "This cannot be undone.",
                $"Delete {runs.Count} runs", $"Delete {runs.Count}", destructive: true))
            for (var left = runs.ToList(); left.Count > 0;)
            {
                // Those that others start from come last.
                var next = left.Find(run => !left.Any(other => other.Spec.Inputs.Values.Contains(run.Spec.Id))) ?? left[0];
                left.Remove(next);
                await AttemptAsync(next, () => Task.Run(() => queue.Delete(next.Spec.Id)));
            }
    }

    public Task LabelAsync(IReadOnlyList<RunSummary> runs, Func<RunLabels, RunLabels> change) =>
        Task.WhenAll(runs.Select(run => AttemptAsync(run, () => Task.Run(() => store.Label(run.Spec.Id, change)))));

    private IReadOnlyList<RunSummary> Dependants(RunSummary run) => store.StartingFrom(run.Spec.Id);

    /// <summary>Which of them start from others of them.</summary>
    private static string Within(IReadOnlyList<RunSummary> runs)
    {
        var pairs = (from run in runs
            from input in runs
            where run.Spec.Inputs.Values.Contains(input.Spec.Id)
            select $"{Title(run)} starts from {Title(input)}")
            .ToList();
        return pairs.Count == 0 ? "" : $"{string.Join(", ", pairs.Take(3))}{(pairs.Count > 3 ? $", and {pairs.Count - 3} more such" : "")}. ";
    }

    private static string WhatStays(RunSummary run) =>
        run.State == RunState.Queued
            ? "It has not begun: nothing is lost, and resuming puts it at the end of the queue."
            : "It can be resumed from its last checkpoint.";

    private static string Names(IReadOnlyList<RunSummary> runs) =>
        runs.Count <= 4 ? string.Join(", ", runs.Select(Title)) : $"{string.Join(", ", runs.Take(3).Select(Title))} and {runs.Count - 3} others";

    private static string Title(RunSummary run) => run.Spec.Title;

    private Task AttemptAsync(RunSummary run, Func<Task> action) => AttemptAsync([run], _ => action());

    /// <param name="action">Given those of the runs to which nothing else is being done.</param>
    private async Task AttemptAsync(IReadOnlyList<RunSummary> runs, Func<IReadOnlyList<RunSummary>, Task> action)
    {
        var free = runs.Where(run => _busy.Add(run.Spec.Id)).ToList();
        if (free.Count == 0)
            return;
        try
        {
            await action(free);
        }
        catch (Exception error) when (error is InvalidRunException or IOException or UnauthorizedAccessException)
        {
            Refuse(error.Message);
        }
        finally
        {
            _busy.ExceptWith(free.Select(run => run.Spec.Id));
            onDone();
        }
    }

    /// <summary>Over the page, not in it: no row moves away from under the pointer.</summary>
    private void Refuse(string message) => notices.Add(message, Severity.Error, notice => notice.RequireInteraction = true);
}
