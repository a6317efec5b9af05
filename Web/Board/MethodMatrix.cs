using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;

namespace Dashboard.Web.Board;

/// <summary>The best mIoU of each method under each protocol: an overview, not a ranking.</summary>
/// <param name="Protocols">Columns.</param>
/// <param name="Methods">Names of methods, rows.</param>
public sealed record MethodMatrix(IReadOnlyList<LeaderboardGroup> Protocols, IReadOnlyList<string> Methods,
    IReadOnlyDictionary<(string Method, string Protocol), MethodScore> Scores)
{
    /// <summary>Methods in the order of the pipeline; protocols as they stand on the page, those without runs left out.</summary>
    public static MethodMatrix Of(IReadOnlyList<LeaderboardGroup> groups, IReadOnlyList<MethodScore> scores)
    {
        var known = MethodCatalog.All.Select(method => method.Name).ToList();
        return new(
            [.. groups.Where(group => scores.Any(score => score.Protocol == group.Key))],
            [.. scores.Select(score => score.Method).Distinct()
                .OrderBy(method => known.IndexOf(method) is >= 0 and var place ? place : known.Count)
                .ThenBy(method => method, StringComparer.Ordinal)],
            scores.ToDictionary(score => (score.Method, score.Protocol)));
    }
}
