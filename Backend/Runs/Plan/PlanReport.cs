namespace Dashboard.Backend.Runs.Plan;

/// <summary>What a plan would do, before anything is queued.</summary>
/// <param name="Seconds">That are still to be spent; null where nothing tells of one of the runs.</param>
public sealed record PlanReport(string Pipeline, string Dataset, string Device, double? Seconds, IReadOnlyList<PlannedStage> Stages)
{
    public static PlanReport Of(string pipeline, SettledPlan plan, IRunStore runs)
    {
        var estimates = new RunEstimates(runs);
        List<PlannedStage> stages = [.. plan.Runs.Select(run => PlannedStage.Of(run, plan, estimates.SecondsOf(run)))];
        var wanted = plan.Wanted[0].Spec;
        return new(pipeline, wanted.Dataset, wanted.Device, stages.Aggregate((double?)0, (sum, stage) => sum + stage.Seconds), stages);
    }
}

/// <summary>One run of it.</summary>
/// <param name="Stage">Its name in the pipeline; the method's for what the planner has added.</param>
/// <param name="Run">The run that there is; null where one is to be made.</param>
/// <param name="Key">As <see cref="Domain.Runs.RunKey"/>.</param>
/// <param name="From">Stages that it starts from, by role.</param>
/// <param name="Seconds">That are still to be spent; null where nothing tells.</param>
public sealed record PlannedStage(
    string Stage, string Method, string? Preset, PlanStep Step, string? Run, string Key, IReadOnlyDictionary<string, string> From, double? Seconds)
{
    internal static PlannedStage Of(PlannedRun run, SettledPlan plan, double? seconds) => new(
        NameOf(run), run.Spec.Method, run.Spec.Preset, run.Step, run.Step == PlanStep.Make ? null : run.Spec.Id, run.Spec.Key ?? "",
        run.Spec.Inputs.ToDictionary(input => input.Key,
            input => plan.Runs.FirstOrDefault(other => other.Spec.Id == input.Value) is { } other ? NameOf(other) : input.Value),
        seconds is { } known ? Math.Round(known, 1) : null);

    private static string NameOf(PlannedRun run) => run.Stage ?? run.Spec.Method;
}
