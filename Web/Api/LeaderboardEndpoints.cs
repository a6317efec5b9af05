using Dashboard.Backend.Execution;
using Dashboard.Domain.Leaderboard;
using Dashboard.Web.Board;

namespace Dashboard.Web.Api;

/// <summary><c>/api/leaderboard</c>, <c>.json</c> and <c>.csv</c>: with all digits; <c>?protocol=</c> and <c>?class=</c> as on the page.</summary>
internal static class LeaderboardEndpoints
{
    public static void MapLeaderboard(this RouteGroupBuilder api)
    {
        api.MapGet("/leaderboard", (IRunStore store, string? protocol, string? @class) => LeaderboardExport.Entries(Select(store, protocol, @class)));
        api.MapGet("/leaderboard.json", (HttpContext context, IRunStore store, string? protocol, string? @class) =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=leaderboard.json";
            return LeaderboardExport.Entries(Select(store, protocol, @class));
        });
        api.MapGet("/leaderboard.csv", (HttpContext context, IRunStore store, string? protocol, string? @class) =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=leaderboard.csv";
            return Results.Text(LeaderboardExport.Csv(Select(store, protocol, @class)), "text/csv");
        });
    }

    private static IEnumerable<LeaderboardGroup> Select(IRunStore store, string? protocol, string? className) =>
        Leaderboard.Build(store.Evaluations, PublishedResults.All, className).Where(group => protocol is null || group.Key == protocol);
}
