using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Runs;
using Dashboard.Web.Api.Document;

namespace Dashboard.Web.Api.Runs;

/// <summary>
/// <c>GET /api/runs?limit=&amp;offset=&amp;sort=&amp;asc=&amp;state=&amp;method=&amp;q=&amp;tag=&amp;starred=</c>: the runs, or one piece of the
/// list. The header <c>X-Total-Count</c> says how many pass the filter.
/// </summary>
internal static class RunListEndpoint
{
    private const int MaxLimit = 1000;
    private const string Total = "X-Total-Count";

    public static void MapRunList(this RouteGroupBuilder api) =>
        api.MapGet("/runs",
            (HttpContext context, IRunStore store, int? limit, int? offset, string? sort, bool? asc, string? state, string? method, string? q,
                string? tag, bool? starred) =>
        {
            if (store.Problem is { } problem)
                return Results.Problem(problem, statusCode: StatusCodes.Status503ServiceUnavailable);
            var (first, count) =
                (Within(nameof(offset), offset ?? 0, 0, int.MaxValue), limit is { } most ? Within(nameof(limit), most, 1, MaxLimit) : int.MaxValue);
            var filter = new RunFilter(q ?? "", Named<RunState>(nameof(state), state), method, Named<RunSort>(nameof(sort), sort) ?? RunSort.Started,
                asc ?? false, string.IsNullOrEmpty(tag) ? null : tag, starred ?? false);
            var page = store.Page(filter, first, count);
            context.Response.Headers[Total] = $"{page.Total}";
            return Results.Ok(page.Runs.Select(RunEndpoints.Describe));
        })
            .Describe(
                "The runs, or one piece of the list. The header X-Total-Count says how many pass the filter.",
                new("limit", $"At most this many runs, 1 to {MaxLimit}. Without it: all."),
                new("offset", "The number of runs to skip."),
                new("sort", $"One of {Names<RunSort>()}. Without it: started."),
                new("asc", "Smallest or oldest first."),
                new("state", $"Only runs in this state: one of {Names<RunState>()}."),
                new("method", "Only runs of this method."),
                new("q", "Only runs whose identifier, name, data set, tags or notes contain these words."),
                new("tag", "Only runs that have this tag."),
                new("starred", "Only runs that have a star."))
            .Produces<IEnumerable<RunEndpoints.RunDescription>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(known => known.ToLowerInvariant()));

    /// <summary>In the API's own spelling, or in any other case of letters.</summary>
    private static T? Named<T>(string name, string? value)
        where T : struct, Enum => value switch
        {
            null or "" => null,
            _ when Enum.TryParse<T>(value, ignoreCase: true, out var known) && Enum.IsDefined(known) && !char.IsAsciiDigit(value[0]) => known,
            _ => throw new BadHttpRequestException($"{name}: '{value}' is not one of {Names<T>()}."),
        };

    private static int Within(string name, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new BadHttpRequestException($"{name}: {value} is not between {least} and {most}.");
}
