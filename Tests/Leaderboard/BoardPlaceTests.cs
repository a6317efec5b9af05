using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Leaderboard;
using Dashboard.Domain.Runs;
using Dashboard.Web.Board;
using Ranking = Dashboard.Web.Board.Leaderboard;

namespace Dashboard.Tests.Leaderboard;

/// <summary>Runs that differ in their seed only share a place of the ranking.</summary>
public sealed class BoardPlaceTests
{
    private static readonly Protocol Swept = new()
    {
        Stage = Protocol.Stages.SeedCam, Dataset = "world", Split = "val", Threshold = 0.3, ThresholdSource = Protocol.SweptThreshold,
        Tags = Protocol.TagsGiven, Images = 10,
    };

    [Fact]
    public void Of_SeedsOfOneRecipe_AreOnePlaceWithMeanAndRange()
    {
        var places = Places(("a0", 0.50, "a", 0), ("a1", 0.40, "a", 1), ("a2", 0.45, "a", 2), ("b", 0.46, "b", 0));

        Assert.Equal([(1, "b", 1), (2, "a0", 3)], places.Select(place => (place.Rank!.Value, place.Best.Title, place.Figures.Seeds)));
        Assert.Equal((0.45, 0.40, 0.50), (Math.Round(places[1].Figures.Miou, 9), places[1].Figures.Lowest, places[1].Figures.Highest));
        Assert.Equal((0.43, 0.47), (Math.Round(places[1].Interval!.Low, 9), Math.Round(places[1].Interval!.High, 9)));
        // 0.44 to 0.48 above 0.43 to 0.47.
        Assert.False(places[1].IsSeparable);
    }

    [Fact]
    public void Of_RunsWithoutARecipe_StandAlone() =>
        Assert.Equal(["a", "b"], Places(("a", 0.5, null, 0), ("b", 0.4, null, 0)).Select(place => place.Best.Title));

    [Fact]
    public void Of_ALaterPage_GoesOnCounting()
    {
        var group = Group(("a", 0.5, "a", 0), ("b", 0.4, "b", 0));

        Assert.Equal([51, 52], BoardPlace.Of(group, BoardPage.Empty, before: 50).Select(place => place.Rank!.Value));
    }

    [Fact]
    public void Of_ReferencesAndPublishedNumbers_StandBetweenWithoutARank()
    {
        var published = new PublishedResult("paper", 0.45, "image tags", "a journal", Swept);
        var group = Ranking.Build([(Run("a", 0), Evaluate(0.5)), (Run("b", 0), Evaluate(0.2)), (Run("a", 0), Evaluate(0.3, "centre prior"))],
            [published]).Single();

        var places = BoardPlace.Of(group, BoardPage.Empty);

        Assert.Equal([("a", (int?)1), ("paper", null), ("centre prior", null), ("b", 2)], places.Select(place => (place.Best.Title, place.Rank)));
    }

    [Fact]
    public void Scale_SpansWhatIsDrawnInWholeSteps()
    {
        var scale = BoardScale.Of(Places(("a", 0.52, "a", 0), ("b", 0.33, "b", 0)));

        Assert.Equal((0.30, 0.55), (Math.Round(scale.Low, 9), Math.Round(scale.High, 9)));
        Assert.Equal(("5", "171"), (scale.At(0.1), scale.At(0.9)));
        Assert.Equal(new BoardScale(0, 1), BoardScale.Of([]));
    }

    [Fact]
    public void Matrix_ShowsMethodsInTheOrderOfThePipelineAndOnlyProtocolsWithRuns()
    {
        var groups = Ranking.Build([(Run("a", 0), Evaluate(0.5))], [new PublishedResult("paper", 0.45, "tags", "x", Swept with { Split = "test" })]);
        var matrix = MethodMatrix.Of(groups, [new(Swept.Key, "zeroshot", 0.4, 1), new(Swept.Key, "other", 0.2, 1), new(Swept.Key, "cam", 0.5, 2)]);

        Assert.Equal(["cam", "zeroshot", "other"], matrix.Methods);
        Assert.Equal([Swept.Key], matrix.Protocols.Select(group => group.Key));
        Assert.Equal(0.5, matrix.Scores[("cam", Swept.Key)].Miou);
    }

    private static IReadOnlyList<BoardPlace> Places(params (string Name, double Miou, string? Recipe, long Seed)[] runs) =>
        BoardPlace.Of(Group(runs),
            BoardPage.Empty with { Recipes = runs.Where(run => run.Recipe is not null).ToDictionary(run => run.Name, run => run.Recipe!) });

    private static LeaderboardGroup Group(params (string Name, double Miou, string? Recipe, long Seed)[] runs) =>
        Ranking.Build(runs.Select(run => (Run(run.Name, run.Seed), Evaluate(run.Miou))), []).Single();

    private static RunEvaluated Evaluate(double miou, string row = "CAM") =>
        new(1, row, row != "CAM", Swept, miou, [0.7, 0.2], ["background", "cat"], new(miou - 0.02, miou + 0.02, 0.95), null);

    private static RunSummary Run(string name, long seed) => new(
        new RunSpec { Id = name, Name = name, Method = "cam", Options = new JsonObject(), Dataset = "world", Seed = seed, Device = "cpu",
            CodeVersion = "test", Created = DateTimeOffset.UnixEpoch.AddDays(name[0]) },
        RunState.Finished, null, 1, null, null, null, null, null, null, 1, null);
}
