using Microsoft.EntityFrameworkCore;

namespace Dashboard.Backend.Runs.Database;

/// <content>The leaderboard in places: runs that differ in their seed only share one.</content>
public static partial class EvaluationQueries
{
    /// <summary>Runs of a place that are read whole, the best ones; of the others only their numbers count.</summary>
    private const int Members = 24;

    /// <inheritdoc cref="IRunStore.Board"/>
    public static BoardPage Board(this RunIndex index, string? protocol, string? className, int skip, int take) => index.Use(context =>
    {
        var results = context.Database.SqlQueryRaw<Result>(BestResultsBy(className is null ? "Miou" : OfClass), Named("protocol", protocol),
            Named("class", className)).ToList();
        var places = results.GroupBy(result => (result.Protocol, result.Recipe))
            .GroupBy(place => place.Key.Protocol)
            .ToDictionary(places => places.Key, places => places
                .OrderByDescending(place => place.Average(result => result.Score) ?? double.NegativeInfinity)
                .ThenBy(place => place.Key.Recipe, StringComparer.Ordinal)
                .ToList());
        var wanted = places.Values.SelectMany(all => all.Skip(skip).Take(take)).ToList();
        var shown = wanted.SelectMany(place => place.OrderByDescending(result => result.Score ?? double.NegativeInfinity).Take(Members)).ToList();
        var best = shown.Select(result => result.RunId).Distinct().Chunk(MostParameters)
            .SelectMany(some => context.Evaluations.AsNoTracking().Where(row => some.Contains(row.RunId) && !row.Reference).ToList())
            .Join(shown, row => (row.RunId, row.Seq), result => (result.RunId, result.Seq), (row, _) => row);
        return new BoardPage(
            Leading(context, best, References, protocol),
            shown.DistinctBy(result => result.RunId).ToDictionary(result => result.RunId, result => result.Recipe),
            wanted.ToDictionary(place => place.Key, place => new PlaceFigures(
                place.Average(result => result.Score), place.Average(result => result.Miou) ?? double.NaN,
                place.Min(result => result.Miou) ?? double.NaN,
                place.Max(result => result.Miou) ?? double.NaN, place.Count(), place.Select(result => result.Seed).Distinct().Count())),
            places.ToDictionary(all => all.Key, all => all.Value.Count),
            Methods(context));
    });

    private static string BestResultsBy(string score) => $"""
        {ResultsBy(score)}
        SELECT RunId, Seq, Protocol, Miou, Score, CASE WHEN Recipe = '' THEN RunId ELSE Recipe END AS Recipe, Seed
        FROM (SELECT of_results.RunId, of_results.Seq, of_results.Protocol, Evaluations.Miou, Score, Recipe, Seed FROM of_results
              JOIN Evaluations USING (RunId, Seq) JOIN Runs ON Runs.Id = of_results.RunId WHERE Twin = 1)
        """;

    private static IReadOnlyList<MethodScore> Methods(RunIndexContext context) => [.. context.Evaluations
        .Where(row => !row.Reference && row.Miou != null)
        .Join(context.Runs, row => row.RunId, run => run.Id, (row, run) => new { row.Protocol, row.Miou, run.Method, run.Id })
        .GroupBy(row => new { row.Protocol, row.Method })
        .Select(group => new
        {
            group.Key.Protocol, group.Key.Method, Miou = group.Max(row => row.Miou), Runs = group.Select(row => row.Id).Distinct().Count(),
        })
        .AsEnumerable().Select(group => new MethodScore(group.Protocol, group.Method, group.Miou!.Value, group.Runs))];

    /// <summary>A run's best evaluation under a protocol.</summary>
    /// <param name="Score">Null where it has none.</param>
    private sealed record Result(string RunId, long Seq, string Protocol, double? Miou, double? Score, string Recipe, long Seed);
}
