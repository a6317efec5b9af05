using Dashboard.Domain.Runs;

namespace Dashboard.Web.Board;

/// <summary>A place of a protocol's ranking: runs that differ in their seed only; or a reference or published number, which has no rank.</summary>
/// <param name="Rank">1 for the best; equal scores share a rank.</param>
/// <param name="Rows">The best first; at least one.</param>
/// <param name="Score">The mean over the runs, 0..1; null where none has a score.</param>
/// <param name="IsSeparable">False where its interval overlaps that of the place above: the order may be chance.</param>
public sealed record BoardPlace(int? Rank, IReadOnlyList<LeaderboardRow> Rows, double? Score, bool IsSeparable)
{
    public LeaderboardRow Best => Rows[0];

    public bool IsRun => Best.Kind == RowKind.Run;

    /// <summary>Runs of one seed give one result, or were made by other versions of the program.</summary>
    public int Seeds => Rows.Select(row => row.Run?.Spec.Seed).Distinct().Count();

    /// <summary>Mean mIoU of the runs.</summary>
    public double Miou => Rows.Average(row => row.Miou);

    /// <summary>Lowest and highest score; null for one run.</summary>
    public (double Low, double High)? Range => Rows.Count > 1 && Rows.Min(row => row.Score) is { } low && Rows.Max(row => row.Score) is { } high
        ? (low, high)
        : null;

    /// <summary>Of several runs the mean of their intervals' ends; null where one has none.</summary>
    public ConfidenceInterval? Interval => Rows.All(row => row.Evaluation?.Interval is not null)
        ? new(Rows.Average(row => row.Evaluation!.Interval!.Low), Rows.Average(row => row.Evaluation!.Interval!.High),
            Best.Evaluation!.Interval!.Level)
        : null;

    /// <summary>Collapses the runs of a protocol, and ranks them by their means.</summary>
    /// <param name="recipes">By run: equal for those that differ in their seed only; a run without one stands alone.</param>
    /// <param name="before">Places that stand on the pages before.</param>
    /// <param name="byClass">Scores are those of a class: the intervals are not.</param>
    public static IReadOnlyList<BoardPlace> Of(LeaderboardGroup group, IReadOnlyDictionary<string, string> recipes, int before = 0,
        bool byClass = false)
    {
        var places = group.Rows
            .GroupBy(row => row.Kind == RowKind.Run ? recipes.GetValueOrDefault(row.Run!.Spec.Id, row.Run.Spec.Id) : (object)row)
            .Select(rows => new BoardPlace(null, [.. rows], rows.Average(row => row.Score), true))
            .OrderByDescending(place => place.Score ?? -1);
        return [.. Ranked(places, before, byClass)];
    }

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
