using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Pages.Runs;

namespace Dashboard.Tests.Components;

public sealed class RunGroupsTests
{
    [Fact]
    public void Of_SeedsOfOneSetting_HaveMeanAndRange()
    {
        var runs = new[] { Run("a", 0, 0.40), Run("b", 1, 0.50), Run("c", 2, 0.30, dataset: "other") };
        var sizes = new Dictionary<string, int> { [runs[0].Recipe] = 5, [runs[2].Recipe] = 1 };

        var rows = RunGroups.Of(runs, RunGrouping.Seeds, sizes).ToList();

        Assert.Equal("45.00 mean, 40.00 to 50.00", rows[0].Head!.Result);
        Assert.Equal("2 of 5 runs here", rows[0].Head!.Count);
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
        var head = RunGroups.Of([Run("a", 0, 0.4, group: group)], RunGrouping.Launch, new Dictionary<string, int> { [group] = 1 }).Single().Head!;

        Assert.Equal((kind, "1 run", "40.00 best"), (head.Kind, head.Count, head.Result));
        Assert.EndsWith(link, head.Link!.Value.Address);
    }

    [Fact]
    public void Of_SeveralProtocols_HaveNoBest()
    {
        var runs = new[] { Run("a", 0, 0.4, group: "g"), Run("b", 0, 0.5, group: "g", stage: Protocol.Stages.ZeroShot) };

        Assert.Null(RunGroups.Of(runs, RunGrouping.Launch, new Dictionary<string, int> { ["g"] = 2 }).First().Head!.Result);
    }

    private static RunSummary Run(string id, long seed, double miou, string dataset = "cooccurrence", string? group = null,
        string stage = Protocol.Stages.SeedCam) =>
        new(
            new RunSpec { Id = id, Method = "cam", Options = [], Dataset = dataset, Seed = seed, Device = "cpu", Group = group, CodeVersion = "test",
                Created = DateTimeOffset.UnixEpoch },
            RunState.Finished, null, 1, null, null, miou, null, null, null, 0, null)
        {
            Glance = RunGlance.None with { Stage = stage },
            Recipe = dataset,
        };
}
