using Dashboard.Backend.Datasets;
using Dashboard.Domain.Segmentation;
using Dashboard.Web.Compare;

namespace Dashboard.Tests.Web;

public sealed class ImageRankingTests
{
    private const int Labels = 3;

    private static readonly IReadOnlyList<Sample> Samples =
        [new("a", "a.jpg", "a.png", [0]), new("b", "b.jpg", "b.png", [0]), new("c", "c.jpg", "c.png", [1]), new("d", "d.jpg", null, [1])];

    [Fact]
    public void Rank_Lowest_PutsImagesWithoutScoreLast() =>
        Assert.Equal(["c", "b", "a", "d"], Ids(Both().Rank(new(OrderKind.Lowest, 0))));

    [Fact]
    public void Rank_Difference_PutsTheImageFirstWhereAIsBetter()
    {
        var ranked = Both().Rank(new(OrderKind.Difference, 1, 0));

        Assert.Equal(["c", "b", "a", "d"], Ids(ranked));
        Assert.Equal(0, ranked[1].Key);
        Assert.Null(ranked[3].Key);
    }

    [Fact]
    public void Rank_Disagreement_ComesFromItsTable() =>
        Assert.Equal(["b", "a", "c", "d"], Ids(Both()
            .Rank(new(OrderKind.Disagreement, 0, 1), disagreement: new Dictionary<string, double> { ["a"] = 0.2, ["b"] = 0.4, ["c"] = double.NaN })));

    [Fact]
    public void Rank_Cell_ShowsItsImagesMostPixelsFirst()
    {
        var ranked = Both().Rank(order: null, cell: new(1, 0), of: 1);

        Assert.Equal(["a", "b"], Ids(ranked));
        Assert.Equal(9, ranked[0].Key);
    }

    [Fact]
    public void Rank_Class_ScoresThatClassInItsImages()
    {
        var ranked = Both().Rank(new(OrderKind.Lowest, 1), label: 1);

        Assert.Equal(["c", "a", "b"], Ids(ranked));
        Assert.Equal([0.9, 0.1], ranked.Single(image => image.Sample.Id == "a").Scores);
    }

    [Fact]
    public void Rank_NoOrder_KeepsTheSplits() => Assert.Equal(["a", "b", "c", "d"], Ids(Both().Rank(order: null)));

    [Theory]
    [InlineData("split", "split")]
    [InlineData("lowest-1", "lowest-1")]
    [InlineData("Difference-1-0", "difference-1-0")]
    [InlineData("lowest-2", null)]
    [InlineData("lowest", null)]
    [InlineData("difference-0", null)]
    [InlineData("difference-0--1", null)]
    [InlineData("1-0", null)]
    [InlineData("nosuch-0", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Order_OfTwoSources_IsReadOrRefused(string? text, string? expected) => Assert.Equal(expected, ImageOrder.Parse(text, 2)?.ToString());

    [Fact]
    public void View_WrittenAndRead_IsTheSame()
    {
        var view = new CompareView
        {
            Sources = [new(SourceKind.Maps, "20260101-000000-cam-a"), SourceKey.Truth, new(SourceKind.Masks, "b")],
            Thresholds = [0.345, null, null],
            Image = "a b/ü&c",
            Order = new(OrderKind.Difference, 0, 2),
            Class = "potted plant",
            Page = 3,
            Matrix = 2,
            Cell = new(5, 0),
        };

        var read = CompareView.Parse("http://localhost/" + view.Link);

        Assert.Equal(view.Sources, read.Sources);
        Assert.Equal(view.Thresholds, read.Thresholds);
        Assert.Equal(view with { Sources = read.Sources, Thresholds = read.Thresholds }, read);
    }

    [Fact]
    public void View_NonsenseInTheAddress_IsLeftOut()
    {
        var view = CompareView.Parse("http://localhost/compare?sources=truth,maps:,nosuch:x,maps:a,maps:a,maps:b,masks:c,maps:d&t=2,x,0.5&page=-1&matrix=99&cell=1-999&sort=lowest-7");

        Assert.Equal(["truth", "maps:a", "maps:b", "masks:c"], view.Sources.Select(source => source.ToString()));
        Assert.Equal([null, null, 0.5], view.Thresholds);
        Assert.Equal((null, 3, null, null), (view.Page, view.Matrix, view.Cell, view.Order));
    }

    [Fact]
    public void View_OtherSources_TakeTheirThresholdsAlong()
    {
        var (a, b) = (new SourceKey(SourceKind.Maps, "a"), new SourceKey(SourceKind.Maps, "b"));
        var view = new CompareView { Sources = [a, b], Thresholds = [0.2, 0.4], Order = new(OrderKind.Lowest, 1), Matrix = 1, Cell = new(1, 0) };

        var next = view.WithSources([b, SourceKey.Truth]);

        Assert.Equal([0.4, null], next.Thresholds);
        Assert.Equal((null, 0, null), (next.Order, next.Matrix, next.Cell));
    }

    /// <summary>
    /// Of 10 object pixels each, A finds 9, 5, 1 and B finds 1, 5, 8; what is missed is background, but of c's object B takes 2 for the other class.
    /// </summary>
    private static ImageRanking Both() => new(
        Samples,
        [
            new(null, ["a", "b", "c"], [Image(9, 1), Image(5, 5), Image(1, 9)], new(Labels)),
            new(null, ["a", "b", "c"], [Image(1, 9), Image(5, 5), new([new(2, 2, 8), new(2, 1, 2)])], new(Labels)),
        ],
        Labels);

    private static ImageConfusion Image(long found, long missed) => new([new(1, 1, found), new(1, 0, missed)]);

    private static IEnumerable<string> Ids(IEnumerable<RankedImage> ranked) => ranked.Select(image => image.Sample.Id);
}
