using Dashboard.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace Dashboard.Backend.Runs.Database;

/// <content>The leaderboard in places: runs that differ in their seed only share one.</content>
public static partial class EvaluationQueries
{
    /// <summary>Chains are shorter; ends a circle of specs that name each other.</summary>
    private const int LongestChain = 32;

    /// <inheritdoc cref="IRunStore.Board"/>
    /// <remarks>Of all runs only numbers are read; events and specs are those of the places that are wanted.</remarks>
    public static BoardPage Board(this RunIndex index, string? protocol, string? className, int skip, int take) => index.Use(context =>
    {
        var results = context.Database.SqlQueryRaw<Result>(BestResultsBy(className is null ? "Miou" : OfClass), Named("protocol", protocol),
            Named("class", className)).ToList();
        var recipes = Recipes(context);
        var places = results.GroupBy(result => (result.Protocol, Recipe: recipes[result.RunId]))
            .GroupBy(place => place.Key.Protocol)
            .ToDictionary(places => places.Key, places => places
                .OrderByDescending(place => place.Average(result => result.Score) ?? double.NegativeInfinity)
                .ThenBy(place => place.Key.Recipe, StringComparer.Ordinal)
                .ToList());
        var shown = places.Values.SelectMany(all => all.Skip(skip).Take(take)).SelectMany(place => place).ToList();
        var best = shown.Select(result => result.RunId).Distinct().Chunk(MostParameters)
            .SelectMany(some => context.Evaluations.AsNoTracking().Where(row => some.Contains(row.RunId) && !row.Reference).ToList())
            .Join(shown, row => (row.RunId, row.Seq), result => (result.RunId, result.Seq), (row, _) => row);
        return new BoardPage(
            Leading(context, best, References, protocol),
            shown.Select(result => result.RunId).Distinct().ToDictionary(run => run, run => recipes[run]),
            places.ToDictionary(all => all.Key, all => all.Value.Count),
            Methods(context));
    });

    private static string BestResultsBy(string score) => $"""
        {ResultsBy(score)}
        SELECT RunId, Seq, Protocol, Score FROM of_results WHERE Twin = 1
        """;

    private static IReadOnlyList<MethodScore> Methods(RunIndexContext context) => [.. context.Evaluations
        .Where(row => !row.Reference && row.Miou != null)
        .Join(context.Runs, row => row.RunId, run => run.Id, (row, run) => new { row.Protocol, row.Miou, run.Method, run.Id })
        .GroupBy(row => new { row.Protocol, row.Method })
        .Select(group => new { group.Key.Protocol, group.Key.Method, Miou = group.Max(row => row.Miou), Runs = group.Select(row => row.Id).Distinct().Count() })
        .AsEnumerable().Select(group => new MethodScore(group.Protocol, group.Method, group.Miou!.Value, group.Runs))];

    /// <summary>Of every run, with the recipes of all that it starts from, whose seeds may differ, too.</summary>
    private static Dictionary<string, string> Recipes(RunIndexContext context)
    {
        var own = context.Runs.Select(run => new { run.Id, Recipe = run.Recipe ?? run.Id }).ToDictionary(run => run.Id, run => run.Recipe);
        var inputs = context.Inputs.AsNoTracking().AsEnumerable().ToLookup(input => input.RunId);
        return own.ToDictionary(run => run.Key, run => Whole(run.Key, 0));

        // One that was deleted is like no other.
        string Whole(string run, int depth) => depth > LongestChain || !inputs.Contains(run)
            ? own.GetValueOrDefault(run, run)
            : $"{own[run]}({string.Join(',', inputs[run].OrderBy(input => input.Role, StringComparer.Ordinal).Select(input =>
                $"{input.Role}={Whole(input.InputId, depth + 1)}"))})";
    }

    /// <summary>A run's best evaluation under a protocol.</summary>
    /// <param name="Score">Null where it has none.</param>
    private sealed record Result(string RunId, long Seq, string Protocol, double? Score);
}
