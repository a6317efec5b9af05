using Dashboard.Backend.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Components.Report;

namespace Dashboard.Web.Api.Runs;

/// <summary><c>/api/runs/{id}/report</c> and the links that show it to others.</summary>
internal static class ReportEndpoints
{
    /// <summary>A report runs nothing, and loads nothing that is not in it.</summary>
    private const string ContentPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Meaning ShareId = new("share", "The link's identifier, as the list gives it.");

    public static void MapReports(this RouteGroupBuilder api)
    {
        api.MapGet("/runs/{id}/report", async (HttpContext context, RunReports reports, string id) =>
            await reports.WriteAsync(id) is { } html ? Html(context, html) : RunEndpoints.Unknown(id))
            .Describe(
                "A run's report: one HTML file with options, curves, maps, the table of classes and notes in it. It loads nothing from elsewhere.",
                RunEndpoints.Id)
            .Produces<string>(StatusCodes.Status200OK, "text/html")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{id}/shares", (IRunStore store, RunShares shares, string id) =>
            store.Find(id) is null
                ? RunEndpoints.Unknown(id)
                : Results.Ok(shares.Of(id).Select(share => new OpenShare(share.Id, share.Created, null))))
            .Describe("The links that open a run's report to whoever has them.", RunEndpoints.Id)
            .Produces<IEnumerable<OpenShare>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/runs/{id}/shares", (IRunStore store, RunShares shares, string id) =>
        {
            if (store.Find(id) is null)
                return RunEndpoints.Unknown(id);
            var (share, address) = shares.Open(id);
            return Results.Created(address, new OpenShare(share.Id, share.Created, address));
        })
            .Describe(
                "Makes a link that opens a run's report, and nothing else, without the access token. Only this answer tells its address.",
                RunEndpoints.Id)
            .Produces<OpenShare>(StatusCodes.Status201Created)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/runs/{id}/shares/{share}", (RunShares shares, string id, string share) => shares.Revoke(id, share)
            ? Results.NoContent()
            : Results.Problem($"There is no link '{Shown.Text(share)}' to this run.", statusCode: StatusCodes.Status404NotFound))
            .Describe("Revokes a link: it opens nothing from now on.", RunEndpoints.Id, ShareId)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The address of a link, outside of the API: it answers people.</summary>
    public static void MapShares(this WebApplication app) => app.MapGet(RunShares.Root + "/{id}/{token}",
        async (HttpContext context, RunShares shares, RunReports reports, string id, string token) =>
    {
        if (shares.IsOpen(id, token) && await reports.WriteAsync(id) is { } html)
        {
            await Html(context, html).ExecuteAsync(context);
            return;
        }
        await Refusal.WriteAsync(context, StatusCodes.Status404NotFound, "This link opens nothing",
            "It was revoked, its run was deleted, or the address is not complete. Ask whoever sent it for another one.");
    }).ExcludeFromDescription();

    private static IResult Html(HttpContext context, string html)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex";
        return Results.Text(html, "text/html; charset=utf-8");
    }

    /// <param name="Share">Names it when it is revoked.</param>
    /// <param name="Address">Only in the answer that makes it.</param>
    internal sealed record OpenShare(string Share, DateTimeOffset Created, string? Address);
}
