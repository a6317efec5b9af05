using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Sweeps;
using Dashboard.Domain.Sweeps;

namespace Dashboard.Tests.Sweeps;

/// <summary>From what is asked for to points, rungs and runs; the planner's part is tested where it is.</summary>
public sealed class SweepPlanTests
{
    private static readonly SweepRequest Cam = new("cam", "cooccurrence", ["learningRate=0.001,0.002,0.003"], "builtin", Set: ["epochs=9"]);
    private static readonly SweepRequest Chain = new("clims-seeds", "cooccurrence", ["clims.epochs=1,2"], "builtin");

    [Fact]
    public void Runs_PointByPointAndSeedBySeed_OptionsOfThePointBeforeThoseOfAll()
    {
        var plan = SweepPlan.Of(Cam with { Axes = ["learningRate=0.001,0.002"], Seeds = [2, 0, 2], Set = ["learningRate=0.5", "epochs=9"] });
        var runs = plan.Runs([1, 0], rung: 0, group: "sweep-1");

        Assert.Equal([(1, 2L), (1, 0L), (0, 2L), (0, 0L)], runs.Select(run => (run.Point, run.Seed)));
        Assert.Equal(["0.002", "0.002", "0.001", "0.001"], runs.Select(run => Option(run.Runs.Single(), "learningRate")));
        Assert.All(runs, run => Assert.Equal(("9", (long?)run.Seed, "sweep-1"),
            (Option(run.Runs[0], "epochs"), run.Runs[0].Request.Seed, run.Runs[0].Request.Group)));
    }

    [Fact]
    public void Runs_AreCalledByWhatIsTried()
    {
        static string? Name(SweepRequest request) => SweepPlan.Of(request).Runs([0], rung: 0)[0].Runs[^1].Request.Name;

        Assert.Equal("learningRate 0.001, seed 0", Name(Cam));
        Assert.Equal("first try, learningRate 0.001, seed 0", Name(Cam with { Name = "first try" }));
        Assert.Equal("clims.epochs 1, seed 0: clims", Name(Chain));
        Assert.Equal("point 1, seed 0", Name(Cam with { Axes = ["learningRate=0.001", "weightDecay=0.001", "batchSize=8", "threshold=0.3"] }));
    }

    [Fact]
    public void Rungs_OfHalving_ShortenAllButTheLast()
    {
        var plan = SweepPlan.Of(Cam with { Axes = ["learningRate=0.001..0.009/9"], Halving = true });
        Assert.Equal(new int?[] { 1, 3, 9 }, plan.Rungs);
        Assert.Equal(["1", "3", "9"], plan.Rungs.Select((_, rung) => Option(plan.Runs([0], rung)[0].Runs[0], "epochs")));
        Assert.Equal(new int?[] { null }, SweepPlan.Of(Cam).Rungs);
    }

    /// <summary>A number of points and no word of how to choose them: Sobol's, not the grid's first.</summary>
    [Fact]
    public void Sampling_WhereOnlyTheNumberIsNamed_IsSobols()
    {
        var drawn = Cam with { Axes = ["learningRate=0.001..0.1:log"], Points = 3, SamplingSeed = 5 };
        Assert.Equal(Keys(drawn with { Sampling = SweepSampling.Sobol }), Keys(drawn));
        Assert.NotEqual(Keys(drawn with { Sampling = SweepSampling.Grid }), Keys(drawn));
    }

    [Fact]
    public void Of_APipeline_RunsItsChain_EveryStageUnderANameOfItsOwn()
    {
        var plan = SweepPlan.Of(Chain);
        var runs = plan.Runs([0, 1], rung: 0).Select(run => run.Runs).ToList();

        Assert.Equal(["cam", "clims", "cam", "clims"], runs.SelectMany(chain => chain).Select(run => run.Request.Method));
        Assert.Equal(4, runs.SelectMany(chain => chain).Select(run => run.Stage).Distinct().Count());
        Assert.All(runs, chain => Assert.Equal([chain[0].Stage!], chain[1].From.Values));
    }

    [Fact]
    public void Of_Wrong_NamesOptionAndRemedy()
    {
        AssertRefused("axis", Cam with { Axes = [] }, "name at least one option");
        AssertRefused("axis", Cam with { Axes = ["epochs=1,2", "epochs=3"] }, "epochs is named twice");
        AssertRefused("axis", Cam with { Axes = ["learningRate=0.001..0.1/1000", "threshold=0.1..0.9/11"] }, "the grid has more than 10000 points");
        AssertRefused("points", Cam with { Points = 0 }, "0 is not a number of points");
        AssertRefused("points", Cam with { Points = 10_001 }, "10001 is more than 10000");
        AssertRefused("points", Cam with { Sampling = SweepSampling.Random }, "say how many points are drawn");
        AssertRefused("points", Cam with { Seeds = [.. Enumerable.Range(0, 3334).Select(seed => (long)seed)] },
            "3 points with 3334 seeds are more than 10000 runs");
        AssertRefused("hours", Cam with { Hours = double.NaN }, "NaN is not a time");
        AssertRefused("halving", Cam with { Axes = ["epochs=1,2,3"], Halving = true }, "tried as an axis at once");
        AssertRefused("halving", Chain with { Halving = true }, "clims-seeds has no option epochs");
        AssertRefused("axis", Chain with { Axes = ["epochs=1,2"] }, "The stages are cam, clims");
        AssertRefused("axis", Cam with { Target = "clims", Ablation = true }, "the ablation has points of its own");
    }

    private static void AssertRefused(string option, SweepRequest request, string words)
    {
        var failure = Assert.Single(Assert.Throws<InvalidRunException>(() => SweepPlan.Of(request)).Failures);
        Assert.Equal(option, failure.Option);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>As it stands in the run's specification.</summary>
    private static string Option(WantedRun run, string name) => run.Request.Options![name]!.ToJsonString();

    private static IEnumerable<string> Keys(SweepRequest request) => SweepPlan.Of(request).Points.Select(point => point.Key);
}
