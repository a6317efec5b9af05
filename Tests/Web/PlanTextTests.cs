using Dashboard.Backend.Runs.Plan;
using Dashboard.Web.Launch;

namespace Dashboard.Tests.Web;

public sealed class PlanTextTests
{
    [Fact]
    public void OfRuns_OneThatNothingIsKnownOf_SaysThat() => Assert.Equal(
        "1 run: time unknown, because no run of this method and preset has finished here yet.",
        PlanText.OfRuns(Plan(null, ("cam", PlanStep.Make)), "cam"));

    [Fact]
    public void OfRuns_WithWhatIsMadeFirst_NamesIt() => Assert.Equal(
        "4 runs, after 1 run of CAM baseline that they start from: about 2 min 05 s on cpu, judging by earlier runs of the same preset.",
        PlanText.OfRuns(
            Plan(125, ("cam", PlanStep.Make), ("clims", PlanStep.Make), ("clims", PlanStep.Make), ("clims", PlanStep.Make), ("clims", PlanStep.Make)),
            "clims"));

    [Fact]
    public void OfRuns_WhatIsReused_DoesNotCount() => Assert.StartsWith(
        "1 run: about 30 s", PlanText.OfRuns(Plan(30, ("cam", PlanStep.Reuse), ("clims", PlanStep.Make)), "clims"));

    [Fact]
    public void OfPipeline_NothingLeft_SaysSo() => Assert.Equal(
        "All stages have finished before: nothing has to be run.", PlanText.OfPipeline(Plan(0, ("cam", PlanStep.Reuse))));

    private static PlanReport Plan(double? seconds, params (string Method, PlanStep Step)[] stages) => new(
        "plan", "cooccurrence", "cpu", seconds,
        [.. stages.Select(stage => new PlannedStage(stage.Method, stage.Method, "builtin", stage.Step, null, "", new Dictionary<string, string>(),
            null))]);
}
