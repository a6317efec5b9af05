using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Sweeps;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Launch;

namespace Dashboard.Web.Api.Plans;

/// <summary><c>/api/sweeps</c>: plan, launch, look, stop, resume.</summary>
internal static class SweepEndpoints
{
    private const int Listed = 100;

    private static readonly Meaning Group = new("group", "What the launch answered as group.");

    public static void MapSweeps(this RouteGroupBuilder api)
    {
        api.MapGet("/sweeps", (SweepLaunch launch) => launch.Newest(Listed).Select(launch.Report))
            .Describe($"The last {Listed} sweeps and how they stand, newest first.");
        api.MapPost("/sweeps/plan", async (SweepLaunch launch, AllowedRoots roots, SweepRequest request, CancellationToken stop) =>
        {
            var (sweep, runs) = await launch.PlanAsync(Allowed(request, roots), stop);
            return Results.Ok(new PlannedSweep(
                [.. sweep.Points.Select(point => point.Values)], sweep.Rungs, sweep.Seeds, runs.Runs.Count(run => run.IsQueued),
                runs.Runs.Count(run => run.Step == PlanStep.Reuse)));
        })
            .Describe("The points of a sweep, and how many runs its first rung would make; nothing is queued.")
            .Produces<PlannedSweep>()
            .ProducesValidationProblem();
        api.MapPost("/sweeps", async (SweepLaunch launch, AllowedRoots roots, SweepRequest request, CancellationToken stop) =>
        {
            var record = await launch.SubmitAsync(Allowed(request, roots), stop);
            return Results.Created($"/api/sweeps/{record.Group}", launch.Report(record));
        })
            .Describe("Launches a sweep: equal finished runs are reused, the others are queued; all of the first rung, or none.")
            .Produces<SweepReport>(StatusCodes.Status201Created)
            .ProducesValidationProblem();
        api.MapGet("/sweeps/{group}", (SweepLaunch launch, string group) =>
            launch.Find(group) is { } record ? Results.Ok(launch.Report(record)) : NoSuchSweep(group))
            .Describe("How a sweep and each of its points stand.", Group)
            .Produces<SweepReport>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/sweeps/{group}/stop", async (SweepLaunch launch, string group) =>
            launch.Find(group) is { } record ? Results.Ok(launch.Report(await launch.StopAsync(record))) : NoSuchSweep(group))
            .Describe("Stops what runs and what waits, but for runs that others wait for; begins no further rung.", Group)
            .Produces<SweepReport>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/sweeps/{group}/resume", async (SweepLaunch launch, string group) =>
            launch.Find(group) is { } record ? Results.Ok(launch.Report(await launch.ResumeAsync(record))) : NoSuchSweep(group))
            .Describe("Goes on with every run that has stopped on its way, and with the rungs still to come.", Group)
            .Produces<SweepReport>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The request itself, once it names only what pages and programs on the network may name.</summary>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public static SweepRequest Allowed(SweepRequest request, AllowedRoots roots)
    {
        var sweep = SweepPlan.Of(request);
        var runs = sweep.Runs([.. Enumerable.Range(0, sweep.Points.Count)], rung: 0).SelectMany(run => run.Runs);
        RequestPaths.Check(roots, runs.Select(run => run.Request));
        return request;
    }

    private static IResult NoSuchSweep(string group) =>
        Results.Problem($"No sweep was launched as '{Shown.Text(group)}'.", statusCode: StatusCodes.Status404NotFound, title: "No such sweep");

    /// <param name="Points">Values by option.</param>
    /// <param name="Rungs">Epochs of each rung; one without a number where nothing is halved.</param>
    /// <param name="Made">Runs that the first rung makes, with what they start from.</param>
    private sealed record PlannedSweep(
        IReadOnlyList<IReadOnlyDictionary<string, JsonNode>> Points, IReadOnlyList<int?> Rungs, IReadOnlyList<long> Seeds, int Made, int Reused);
}
