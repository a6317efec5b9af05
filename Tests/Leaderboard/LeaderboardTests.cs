using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Leaderboard;
using Dashboard.Domain.Runs;
using Dashboard.Web.Board;
using Ranking = Dashboard.Web.Board.Leaderboard;

namespace Dashboard.Tests.Leaderboard;

public sealed class LeaderboardTests
{
    private static readonly Protocol Swept = new()
    {
        Stage = Protocol.Stages.SeedCam, Dataset = "world", Split = "val", Threshold = 0.3, ThresholdSource = Protocol.SweptThreshold,
        Tags = Protocol.TagsGiven, Images = 10,
    };

    [Fact]
    public void Build_SeveralNumbersOfARun_CountsTheBestNotTheLast()
    {
        var group = Build([("a", Evaluate(0.40)), ("a", Evaluate(0.30)), ("b", Evaluate(0.35))]).Single();

        Assert.Equal([(1, "a", 0.40), (2, "b", 0.35)], group.Rows.Select(row => (row.Rank!.Value, row.Title, row.Miou)));
    }

    [Fact]
    public void Build_DifferentProtocols_AreNeverRankedTogether()
    {
        var groups =
            Build([("a", Evaluate(0.4)), ("b", Evaluate(0.5, Swept with { Crf = true })), ("c", Evaluate(0.6, Swept with { Split = "train" }))]);

        Assert.Equal(3, groups.Count);
        Assert.All(groups, group => Assert.Equal(1, group.Rows.Single().Rank));
    }

    [Fact]
    public void Build_WorldsOfAnotherSeedOrSize_AreNeverRankedTogether()
    {
        var standard = Swept with { Dataset = "Co-occurrence world", Variant = "" };
        var groups =
            Build([("a", Evaluate(0.4, standard)), ("b", Evaluate(0.5, standard with { Variant = "seed 5" })),
                ("c", Evaluate(0.6, standard with { Variant = "64 px" })), ("d", Evaluate(0.3, standard))]);

        Assert.Equal([["c"], ["b"], ["a", "d"]], groups.Select(group => group.Rows.Select(row => row.Title).ToArray()));
        Assert.Equal("seed CAM · Co-occurrence world (seed 5) · val · threshold best on this split · no CRF · image tags given · 10 images",
            groups[1].Key);
    }

    [Fact]
    public void Build_FoldersOfOneName_AreNeverRankedTogether()
    {
        var pets = Swept with { Dataset = "pets", Fingerprint = "0badcafe" };
        var groups = Build([("a", Evaluate(0.4, pets)), ("b", Evaluate(0.5, pets with { Fingerprint = "12345678" })), ("c", Evaluate(0.6, pets))]);

        Assert.Equal([["c", "a"], ["b"]], groups.Select(group => group.Rows.Select(row => row.Title).ToArray()));
        Assert.Equal("seed CAM · pets · data 0badcafe · val · threshold best on this split · no CRF · image tags given · 10 images", groups[0].Key);
    }

    /// <summary>A run of before such names were refused: both numbers are kept, and no table dies of it.</summary>
    [Fact]
    public void IouByName_OfANameThatStandsTwice_KeepsBoth()
    {
        var evaluated = Evaluate(0.5) with { ClassNames = ["background", "background", "cat"], PerClass = [0.9, 0.2, null] };

        Assert.Equal([("background", 0.9), ("background (label 1)", 0.2), ("cat", null)], evaluated.IouByName().Select(iou => (iou.Key, iou.Value)));
        Assert.Contains("iou background (label 1)", LeaderboardExport.Csv(Build([("a", evaluated), ("b", Evaluate(0.4))])));
    }

    /// <summary>Events that were written before: only the built-in data set is sure to be the standard world.</summary>
    [Fact]
    public void Build_WorldsThatOlderEventsDoNotTellApart_AreRankedByTheirFolder()
    {
        var old = Swept with { Dataset = "Co-occurrence world" };
        var groups = Ranking.Build(
            [
                (Run("a", "cooccurrence"), Evaluate(0.4, old)), (Run("b", "cooccurrence"), Evaluate(0.3, old with { Variant = "" })),
                (Run("c", "/data/w5"), Evaluate(0.5, old)), (Run("d", "/data/w5"), Evaluate(0.6, old)), (Run("e", "w6"), Evaluate(0.7, old)),
            ], []);

        Assert.Equal([["d", "c"], ["e"], ["a", "b"]], groups.Select(group => group.Rows.Select(row => row.Title).ToArray()));
        Assert.Equal("seed CAM · Co-occurrence world · val · threshold best on this split · no CRF · image tags given · 10 images", groups[2].Key);
        Assert.Contains("Co-occurrence world (of /data/w5)", groups[0].Key);
    }

    [Fact]
    public void Build_ReferencesAndPublishedNumbers_StandBetweenWithoutARank()
    {
        var published = new PublishedResult("paper", 0.45, "image tags", "a journal", Swept);
        var group =
            Build([("a", Evaluate(0.5)), ("b", Evaluate(0.2)), ("a", Evaluate(0.3, row: "centre prior")), ("b", Evaluate(0.3, row: "centre prior"))],
                published).Single();

        Assert.Equal(["a", "paper", "centre prior", "b"], group.Rows.Select(row => row.Title));
        Assert.Equal([1, null, null, 2], group.Rows.Select(row => row.Rank));
    }

    [Fact]
    public void Build_EqualNumbers_ShareARank()
    {
        var group = Build([("a", Evaluate(0.5)), ("b", Evaluate(0.5)), ("c", Evaluate(0.4))]).Single();

        Assert.Equal([1, 1, 3], group.Rows.Select(row => row.Rank!.Value));
    }

    [Fact]
    public void Build_OverlappingIntervals_MarksTheLowerRow()
    {
        var group = Build([("a", Evaluate(0.50)), ("b", Evaluate(0.49)), ("c", Evaluate(0.40))]).Single();

        Assert.Equal([true, false, true], group.Rows.Select(row => row.IsSeparable));
    }

    [Fact]
    public void Build_ByClass_RanksByThatClassAndLeavesUnknownOnesUnranked()
    {
        var group =
            Build([("a", Evaluate(0.5, cat: 0.1)), ("b", Evaluate(0.4, cat: 0.7)), ("c", Evaluate(0.6, cat: null))], className: "cat").Single();

        Assert.Equal([("b", (int?)1), ("a", 2), ("c", null)], group.Rows.Select(row => (row.Title, row.Rank)));
    }

    [Fact]
    public void Csv_NameThatIsAFormula_IsText()
    {
        var csv = LeaderboardExport.Csv(Build([("=HYPERLINK(1)", Evaluate(0.5))]));

        Assert.Contains("'=HYPERLINK(1)", csv);
    }

    private static IReadOnlyList<LeaderboardGroup> Build((string Name, RunEvaluated Evaluation)[] entries, PublishedResult? published = null,
        string? className = null) =>
        Ranking.Build(entries.Select(entry => (Run(entry.Name), entry.Evaluation)), published is null ? [] : [published], className);

    private static RunEvaluated Evaluate(double miou, Protocol? protocol = null, string row = "CAM", double? cat = 0.2) =>
        new(1, row, row != "CAM", protocol ?? Swept, miou, [0.7, cat], ["background", "cat"], new(miou - 0.02, miou + 0.02, 0.95), null);

    private static RunSummary Run(string name, string dataset = "world") => new(
        new RunSpec { Id = name, Name = name, Method = "cam", Options = new JsonObject(), Dataset = dataset, Seed = 0, Device = "cpu",
            CodeVersion = "test", Created = DateTimeOffset.UnixEpoch.AddDays(name[0]) },
        RunState.Finished, null, 1, null, null, null, null, null, null, 1, null);
}
