using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Pages.Runs.Rows;

namespace Dashboard.Tests.Components;

public sealed class RunGroupsTests
{
    [Fact]
    public void Of_SeedsOfOneSetting_HaveMeanAndRangeOfAllOfThem()
    {
        var runs = new[] { Run("a", 0, 0.40), Run("b", 1, 0.50), Run("c", 2, 0.30, dataset: "other") };
        var totals = new Dictionary<string, GroupTotals>
        {
            [runs[0].Recipe] = new(new Dictionary<RunState, int> { [RunState.Failed] = 1, [RunState.Finished] = 4 }, new(4, 0.425, 0.3, 0.5)),
            [runs[2].Recipe] = new(new Dictionary<RunState, int> { [RunState.Finished] = 1 }, new(1, 0.3, 0.3, 0.3)),
        };

        var rows = RunGroups.Of(runs, RunGrouping.Seeds, totals, []).ToList();

        var head = rows[0].Head!;
        Assert.Equal(("42.50", "mean, 30.00 to 50.00", "4 finished, 1 failed"), (head.Mean, head.Spread, head.States));
        Assert.Equal("2 of 5 runs here", head.Count);
        Assert.Equal(new string?[] { null, null }, rows.Skip(1).Select(row => row.Head?.Name));
        // A setting that was run once is no group.
        Assert.Equal([true, true, false], rows.Select(row => row.InGroup));
    }

    [Theory]
    [InlineData("wsss-20260101-120000-1f2e", "Pipeline", "pipeline/wsss-20260101-120000-1f2e")]
    [InlineData("ablation-20260101-120000-1f2e", "Ablation", "group=ablation-20260101-120000-1f2e")]
    [InlineData("sweep-20260101-120000-1f2e", "Sweep", "sweep/sweep-20260101-120000-1f2e")]
    [InlineData("my tests", "Group", "group=my%20tests")]
    public void Of_Launches_SayWhatTheyAre(string group, string kind, string link)
    {
        var head = RunGroups.Of([Run("a", 0, 0.4, group: group)], RunGrouping.Launch, Totals(group, 1, 0.4), []).Single().Head!;

        Assert.Equal((kind, "1 run", "40.00", null), (head.Kind, head.Count, head.Mean, head.Spread));
        Assert.EndsWith(link, head.Link!.Value.Address);
    }

    /// <summary>One run of it is on the page, and stands for all.</summary>
    [Fact]
    public void Of_AFoldedGroup_SaysHowManyThereAre()
    {
        var row = RunGroups.Of([Run("a", 0, 0.4, group: "g")], RunGrouping.Launch, Totals("g", 7, null), ["g", "gone"]).Single();

        Assert.True(row.IsFolded);
        Assert.Equal(("7 runs", "7 finished", "–"), (row.Head!.Count, row.Head.States, row.Head.Mean));
    }

    private static Dictionary<string, GroupTotals> Totals(string group, int runs, double? miou) => new()
    {
        [group] = new(new Dictionary<RunState, int> { [RunState.Finished] = runs }, miou is { } mean ? new(runs, mean, mean, mean) : null),
    };

    private static RunSummary Run(string id, long seed, double miou, string dataset = "cooccurrence", string? group = null) =>
        new(
            new RunSpec { Id = id, Method = "cam", Options = [], Dataset = dataset, Seed = seed, Device = "cpu", Group = group, CodeVersion = "test",
                Created = DateTimeOffset.UnixEpoch },
            RunState.Finished, null, 1, null, null, miou, null, null, null, 0, null)
        {
            Recipe = dataset,
        };
}
