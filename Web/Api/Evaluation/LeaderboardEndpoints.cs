using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Leaderboard;
using Dashboard.Domain.Runs;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Runs;
using Dashboard.Web.Board;

namespace Dashboard.Web.Api.Evaluation;

/// <summary>
/// <c>/api/leaderboard</c>, <c>.json</c>, <c>.csv</c> (with all digits) and <c>.tex</c>; <c>?protocol=</c> and <c>?class=</c> as on the page,
/// <c>?top=</c> for the best runs only.
/// </summary>
internal static class LeaderboardEndpoints
{
    public static void MapLeaderboard(this RouteGroupBuilder api)
    {
        api.MapGet("/leaderboard", (IRunStore store, string? protocol, string? @class, int? top) =>
            LeaderboardExport.Entries(Select(store, protocol, @class, top)))
            .Describe("The leaderboard, ranked inside each protocol, with all digits.", Filter)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/leaderboard.json", (HttpContext context, IRunStore store, string? protocol, string? @class, int? top) =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=leaderboard.json";
            return LeaderboardExport.Entries(Select(store, protocol, @class, top));
        })
            .Describe("The leaderboard as a JSON file to keep.", Filter)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/leaderboard.csv", (HttpContext context, IRunStore store, string? protocol, string? @class, int? top) =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=leaderboard.csv";
            return Results.Text(LeaderboardExport.Csv(Select(store, protocol, @class, top)), "text/csv");
        })
            .Describe("The leaderboard as a CSV file to keep.", Filter)
            .Produces<string>(StatusCodes.Status200OK, "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/leaderboard/difference", Difference)
            .Describe(
                "How much better one run is than another under a protocol of both: the paired bootstrap over the images, with 95 % interval and "
                + "two-sided p.",
                new("a", "A run's identifier."),
                new("b", "The other run's identifier."),
                new("protocol", "Under which they are compared, by its key. Without it: the first of a's that both have been measured under."))
            .Produces<RowDifference>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/leaderboard.tex", (HttpContext context, IRunStore store, string? protocol, string? @class, int? top) =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=leaderboard.tex";
            return Results.Text(LeaderboardLatex.Of(Select(store, protocol, @class, top)), "application/x-tex");
        })
            .Describe("The leaderboard as LaTeX, a table for every protocol.", Filter)
            .Produces<string>(StatusCodes.Status200OK, "application/x-tex")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static IResult Difference(IRunStore store, string a, string b, string? protocol) =>
        PairedRows.Difference(store, a, b, protocol) is { } difference
            ? Results.Ok(difference)
            : RunEndpoints.Unknown(store.Folder(a) is null ? a : b);

    private static readonly Meaning[] Filter =
    [
        new("protocol", "Only results measured under this protocol, by its key."),
        new("class", "Ranks by the IoU of this class instead of the mIoU."),
        new("top", "Only this many of the best runs of each protocol."),
    ];

    private static IEnumerable<LeaderboardGroup> Select(IRunStore store, string? protocol, string? className, int? top)
    {
        if (top < 1)
            throw new BadHttpRequestException($"top: {top} is less than 1.");
        return Leaderboard.Build(store.Leading(top, protocol, className).Entries, PublishedResults.All, className)
            .Where(group => protocol is null || group.Key == protocol);
    }
}
