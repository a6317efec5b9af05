using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Board;

/// <summary>A place of a protocol's ranking: runs that differ in their seed only; or a reference or published number, which has no rank.</summary>
/// <param name="Rank">1 for the best; equal scores share a rank.</param>
/// <param name="Rows">The best first; at least one. Of very many runs only the best ones.</param>
/// <param name="Figures">Of all its runs.</param>
/// <param name="IsSeparable">False where its interval overlaps that of the place above: the order may be chance.</param>
public sealed record BoardPlace(int? Rank, IReadOnlyList<LeaderboardRow> Rows, PlaceFigures Figures, bool IsSeparable)
{
    public LeaderboardRow Best => Rows[0];

    public bool IsRun => Best.Kind == RowKind.Run;

    /// <summary>The mean of what is ranked by, 0..1; null where no run has a score.</summary>
    public double? Score => Figures.Score;

    /// <summary>Of several runs the mean of their intervals' ends; null where one has none.</summary>
    public ConfidenceInterval? Interval => Rows.All(row => row.Evaluation?.Interval is not null)
        ? new(Rows.Average(row => row.Evaluation!.Interval!.Low), Rows.Average(row => row.Evaluation!.Interval!.High),
            Best.Evaluation!.Interval!.Level)
        : null;

    /// <summary>Collapses the runs of a protocol, and ranks them by their means.</summary>
    /// <param name="page">Tells which runs differ in their seed only; a run that it does not know stands alone.</param>
    /// <param name="before">Places that stand on the pages before.</param>
    /// <param name="byClass">Scores are those of a class: the intervals are not.</param>
    public static IReadOnlyList<BoardPlace> Of(LeaderboardGroup group, BoardPage page, int before = 0, bool byClass = false)
    {
        var places = group.Rows
            .GroupBy(row => row.Kind == RowKind.Run ? page.Recipes.GetValueOrDefault(row.Run!.Spec.Id, row.Run.Spec.Id) : (object)row)
            .Select(rows => new BoardPlace(null, [.. rows],
                rows.Key is string recipe && page.Figures.TryGetValue((group.Key, recipe), out var all) ? all : Of([.. rows]), true))
            .OrderByDescending(place => place.Score ?? -1);
        return [.. Ranked(places, before, byClass)];
    }

    private static PlaceFigures Of(IReadOnlyList<LeaderboardRow> rows) => new(rows.Average(row => row.Score), rows.Average(row => row.Miou),
        rows.Min(row => row.Miou), rows.Max(row => row.Miou), rows.Count, rows.Select(row => row.Run?.Spec.Seed).Distinct().Count());

    private static IEnumerable<BoardPlace> Ranked(IEnumerable<BoardPlace> sorted, int before, bool byClass)
    {
        var number = before;
        BoardPlace? above = null;
        foreach (var place in sorted)
        {
            if (!place.IsRun)
            {
                yield return place;
                continue;
            }
            number++;
            above = place with
            {
                Rank = place.Score is null ? null : above?.Score == place.Score ? above!.Rank : number,
                IsSeparable = byClass || above?.Interval is not { } upper || place.Interval is not { } own || own.High < upper.Low,
            };
            yield return above;
        }
    }
}
