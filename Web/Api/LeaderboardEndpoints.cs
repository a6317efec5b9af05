using Dashboard.Backend.Runs;
using Dashboard.Domain.Leaderboard;
using Dashboard.Web.Board;

namespace Dashboard.Web.Api;

/// <summary><c>/api/leaderboard</c>, <c>.json</c> and <c>.csv</c>: with all digits; <c>?protocol=</c> and <c>?class=</c> as on the page, <c>?top=</c> for the best runs only.</summary>
internal static class LeaderboardEndpoints
{
    public static void MapLeaderboard(this RouteGroupBuilder api)
    {
        api.MapGet("/leaderboard", (IRunStore store, string? protocol, string? @class, int? top) => LeaderboardExport.Entries(Select(store, protocol, @class, top)));
        api.MapGet("/leaderboard.json", (HttpContext context, IRunStore store, string? protocol, string? @class, int? top) =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=leaderboard.json";
            return LeaderboardExport.Entries(Select(store, protocol, @class, top));
        });
        api.MapGet("/leaderboard.csv", (HttpContext context, IRunStore store, string? protocol, string? @class, int? top) =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=leaderboard.csv";
            return Results.Text(LeaderboardExport.Csv(Select(store, protocol, @class, top)), "text/csv");
        });
    }

    private static IEnumerable<LeaderboardGroup> Select(IRunStore store, string? protocol, string? className, int? top)
    {
        if (top < 1)
            throw new BadHttpRequestException($"top: {top} is not at least 1.");
        return Leaderboard.Build(store.Leading(top, protocol, className).Entries, PublishedResults.All, className).Where(group => protocol is null || group.Key == protocol);
    }
}
