using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>A run that a plan is to end with; what it starts from the planner finds or adds.</summary>
/// <param name="Stage">Its name in the plan, unique there; null where nothing refers to it.</param>
public sealed record WantedRun(RunRequest Request, string? Stage = null)
{
    /// <summary>Stages that stand before it in the plan and that it starts from, by role.</summary>
    public IReadOnlyDictionary<string, string> From { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a run of the same key will do; otherwise a new one is made in any case.</summary>
    public bool Reuse { get; init; }
}

/// <summary>What is done about a run of a plan.</summary>
public enum PlanStep
{
    /// <summary>One of its key has finished.</summary>
    Reuse,

    /// <summary>One of its key is queued or running.</summary>
    Wait,

    /// <summary>One of its key has stopped on its way, and goes on from its last checkpoint.</summary>
    Resume,

    /// <summary>There is none.</summary>
    Make,
}

/// <summary>One run of a plan.</summary>
/// <param name="Spec">Of the run that there is, or of the one that is to be made.</param>
/// <param name="Stage">As <see cref="WantedRun.Stage"/>; null also for what the planner has added.</param>
public sealed record PlannedRun(RunSpec Spec, PlanStep Step, string? Stage)
{
    /// <summary>Whether anything has to be written for it.</summary>
    public bool IsQueued => Step is PlanStep.Make or PlanStep.Resume;
}

/// <summary>What has to run, settled against the runs that there are.</summary>
/// <param name="Runs">All of them, in the order in which they must run.</param>
/// <param name="Wanted">Those that were asked for, in the order of the request.</param>
public sealed record SettledPlan(IReadOnlyList<PlannedRun> Runs, IReadOnlyList<PlannedRun> Wanted);
