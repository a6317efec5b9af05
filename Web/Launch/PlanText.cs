using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Web.Components.Shared;

namespace Dashboard.Web.Launch;

/// <summary>A plan in a sentence, before anything is queued.</summary>
public static class PlanText
{
    /// <summary>Of a single run, or of one for each of several seeds.</summary>
    /// <param name="method">What was asked for; what else the plan has is made first.</param>
    public static string OfRuns(PlanReport plan, string method)
    {
        var made = plan.Stages.Where(IsMade).ToList();
        var (own, first) = (made.Count(stage => stage.Method == method), made.Where(stage => stage.Method != method).ToList());
        var time = plan.Seconds is { } seconds
            ? $"about {Format.Seconds(seconds)} on {plan.Device}, judging by earlier runs of the same preset"
            : "time unknown, because no run of this method and preset has finished here yet";
        var before = first.Count == 0
            ? ""
            : $", after {Count(first.Count, "run")} of {Titles(first)} that {(own == 1 ? "it starts" : "they start")} from";
        return $"{Count(own, "run")}{before}: {time}.";
    }

    /// <summary>Of a pipeline.</summary>
    public static string OfPipeline(PlanReport plan)
    {
        var made = plan.Stages.Count(IsMade);
        if (made == 0)
            return plan.Stages.All(stage => stage.Step == PlanStep.Reuse)
                ? "All stages have finished before: nothing has to be run."
                : "All that is missing runs already.";
        var time = plan.Seconds is { } seconds
            ? $"about {Format.Seconds(seconds)}"
            : "time unknown, because no such run has finished here yet";
        return $"{made} of {plan.Stages.Count} stages are run on {plan.Device}: {time}.";
    }

    /// <summary>Of a sweep's first rung, and what follows it.</summary>
    public static string OfSweep(SettledSweep plan)
    {
        var (sweep, runs) = (plan.Sweep, plan.Runs.Runs);
        var seeds = sweep.Seeds.Count > 1 ? $" with {sweep.Seeds.Count} seeds each" : "";
        var rungs = sweep.Rungs.Count > 1
            ? $" They begin with {sweep.Rungs[0]} epochs; the best go on to {string.Join(" and ", sweep.Rungs.Skip(1))}."
            : "";
        return $"{Count(sweep.Points.Count, "point")}{seeds}: {Count(runs.Count(run => run.IsQueued), "run")} to make, "
            + $"{runs.Count(run => run.Step == PlanStep.Reuse)} reused.{rungs}";
    }

    private static bool IsMade(PlannedStage stage) => stage.Step is PlanStep.Make or PlanStep.Resume;

    private static string Titles(IEnumerable<PlannedStage> stages) =>
        string.Join(" and ", stages.Select(stage => MethodCatalog.TitleOf(stage.Method)).Distinct());

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
