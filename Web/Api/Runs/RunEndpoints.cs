using System.Text;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Launch;

namespace Dashboard.Web.Api.Runs;

/// <summary><c>/api/runs</c>: list, look into, launch, stop, resume, delete.</summary>
internal static class RunEndpoints
{
    /// <summary>Curves are thinned to at most this many buckets: more than any screen has pixels.</summary>
    private const int MaxBuckets = 10_000;

    /// <summary>The most that is sent of the end of a log, in bytes.</summary>
    private const int MaxLogTail = 1 << 20;

    public static void MapRuns(this RouteGroupBuilder api)
    {
        api.MapRunList();
        api.MapGet("/runs/{id}", (IRunStore store, string id) => store.Find(id) is { } run ? Results.Ok(Describe(run)) : Unknown(id))
            .Describe("One run: its spec, state and result.", Id)
            .Produces<RunDescription>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{id}/events", (IRunStore store, string id, long? after, CancellationToken stop) =>
            store.Find(id) is { } run ? Results.Ok(StoredEvents(store, run, QueryValue.NotNegative(nameof(after), after) ?? 0, stop)) : Unknown(id))
            .Describe(
                "The stored events of a run, oldest first. Live ones come from the SignalR hub /hubs/runs, Watch(id, after).", Id,
                new("after", "Only events after this sequence number."))
            .Produces<IEnumerable<RunEvent>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{id}/metrics", (IRunStore store, string id) => store.Find(id) is null ? Unknown(id) : Results.Ok(store.Metrics(id)))
            .Describe("Names of the metrics that a run has reported, sorted.", Id)
            .Produces<IReadOnlyList<string>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{id}/series", (IRunStore store, string id, string metric, long? from, long? to, int? buckets) =>
            Series(store, id, metric, from, to, buckets))
            .DescribeSeries();
        api.MapGet("/runs/{id}/series/{*metric}", (IRunStore store, string id, RestOfPath rest, long? from, long? to, int? buckets) =>
            Series(store, id, rest.Text, from, to, buckets))
            .DescribeSeries();
        api.MapGet("/runs/{id}/log", LogTailAsync)
            .Describe(
                "The last lines that a run's worker printed, as plain text.", Id,
                new("lines", "At most this many lines, 1 to 10,000. Without it: 200."))
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .ProducesProblem(StatusCodes.Status404NotFound);

        api.MapPost("/runs", Submit)
            .Describe("Launches a run, and before it the runs it starts from where they have to be made first.")
            .Produces<RunDescription>(StatusCodes.Status201Created)
            .ProducesValidationProblem();
        api.MapPost("/ablations", SubmitAblation)
            .Describe("Launches the method's ablation with the options of the request: one run for each of its variants, all in one group.")
            .Produces<Ablation>(StatusCodes.Status201Created)
            .ProducesValidationProblem();
        api.MapPost("/runs/{id}/stop", async (IRunStore store, IRunQueue queue, string id) =>
        {
            if (store.Find(id) is null)
                return Unknown(id);
            await queue.StopAsync(id);
            return Results.Ok(store.Find(id) is { } run ? Describe(run) : null);
        })
            .Describe("Stops a run, queued or running; answers when its process is gone.", Id)
            .Produces<RunDescription>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/runs/{id}/resume", (IRunStore store, IRunQueue queue, string id) => Change(store, id, () => queue.Resume(id)))
            .Describe("Queues a run that was interrupted, stopped or failed, to go on from its last checkpoint.", Id)
            .Produces<RunDescription>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/runs/{id}", (IRunStore store, IRunQueue queue, string id) => Change(store, id, () => queue.Delete(id)))
            .Describe("Deletes a run that is not running, with its folder. Refused while other runs depend on it.", Id)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    public static Meaning Id { get; } = new("id", "The run's identifier.");

    private static void DescribeSeries(this RouteHandlerBuilder address) => address
        .Describe(
            "One metric of a run, thinned to buckets that keep minimum, maximum and last value.", Id,
            new("metric", "The metric's name, such as loss."),
            new("from", "First step. Without it: 0."),
            new("to", "Last step. Without it: the last there is."),
            new("buckets", $"1 to {MaxBuckets}. Without it: 1000."))
        .Produces<MetricSeries>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Submit(IRunQueue queue, AllowedRoots roots, RunRequest request, CancellationToken stop)
    {
        RequestPaths.Check(roots, request);
        var run = await queue.SubmitAsync(request, stop);
        return Results.Created($"/api/runs/{run.Spec.Id}", Describe(run));
    }

    /// <summary>The method's ablation with the options of the request: as many runs as it has variants, all of one group.</summary>
    private static async Task<IResult> SubmitAblation(IRunStore store, IRunQueue queue, TimeProvider time, AllowedRoots roots, RunRequest request,
        CancellationToken stop)
    {
        RequestPaths.Check(roots, request);
        var plan = await queue.SubmitAllAsync(AblationPlan.Of(request, time), stop: stop);
        var runs = plan.Wanted.Select(run => store.Find(run.Spec.Id)).OfType<RunSummary>().ToList();
        return Results.Created($"/compare/runs?group={plan.Wanted[0].Spec.Group}", new Ablation(plan.Wanted[0].Spec.Group, runs.Select(Describe)));
    }

    private static IResult Series(IRunStore store, string id, string metric, long? from, long? to, int? buckets)
    {
        if (store.Find(id) is null)
            return Unknown(id);
        QueryValue.NotNegative(nameof(from), from);
        QueryValue.NotNegative(nameof(to), to);
        if (!store.Metrics(id).Contains(metric))
            return Results.Problem($"The run has no metric '{Shown.Text(metric)}'. It has: {string.Join(", ", store.Metrics(id))}.",
                statusCode: StatusCodes.Status404NotFound);
        return Results.Ok(store.Series(id, metric, from ?? 0, to ?? long.MaxValue, Math.Clamp(buckets ?? 1000, 1, MaxBuckets)));
    }

    /// <summary>The last complete lines of worker.log as plain text.</summary>
    private static async Task<IResult> LogTailAsync(IRunStore store, string id, int? lines, CancellationToken stop)
    {
        QueryValue.NotNegative(nameof(lines), lines);
        if (store.Folder(id) is not { } folder)
            return Unknown(id);
        if (!File.Exists(folder.WorkerLog))
            return Results.Text("");
        await using var log = new FileStream(folder.WorkerLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(-Math.Min(log.Length, MaxLogTail), SeekOrigin.End);
        using var reader = new StreamReader(log, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(stop);
        return Results.Text(string.Join('\n', text.Split('\n').TakeLast(Math.Clamp(lines ?? 200, 1, 10_000) + 1)));
    }

    /// <summary>The store goes on with live events; an answer ends with what is stored now.</summary>
    private static async IAsyncEnumerable<RunEvent> StoredEvents(IRunStore store, RunSummary run, long after,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        if (after >= run.LastSeq)
            yield break;
        await foreach (var entry in store.Follow(run.Spec.Id, after, stop))
        {
            yield return entry;
            if (entry.Seq >= run.LastSeq)
                yield break;
        }
    }

    private static IResult Change(IRunStore store, string id, Action change)
    {
        if (store.Find(id) is null)
            return Unknown(id);
        change();
        return store.Find(id) is { } run ? Results.Ok(Describe(run)) : Results.NoContent();
    }

    internal static IResult Unknown(string id) =>
        Results.Problem($"There is no run '{Shown.Text(id)}'. GET /api/runs lists all.", statusCode: StatusCodes.Status404NotFound,
            title: "No such run");

    internal static RunDescription Describe(RunSummary run) => new(
        run.Spec.Id, run.State, run.Stage, run.Fraction, run.Eta, run.ImagesPerSecond, run.Miou, run.Message, run.Started, run.Ended, run.LastSeq,
        run.QueuePosition, run.Device, run.Spec.Hash, run.Spec.Title, run.Labels.Tags, run.Labels.Starred, run.Spec,
        run.Job is { } job ? new(job.Id, job.State, job.Node, job.Reason, job.Resumes, job.MostResumes) : null);

    /// <param name="Group">What the runs have in common; they are compared under <c>/compare/runs?group=</c>.</param>
    internal sealed record Ablation(string? Group, IEnumerable<RunDescription> Runs);

    /// <summary>A run as it stands.</summary>
    /// <param name="Stage">What it does now; missing before the first progress.</param>
    /// <param name="Fraction">0 to 1 of the whole run, as far as known.</param>
    /// <param name="Eta">Seconds left.</param>
    /// <param name="Miou">The best so far, 0 to 1, reference rows left out.</param>
    /// <param name="Message">The failure, or the last sentence of its log.</param>
    /// <param name="LastSeq">Sequence number of its last event.</param>
    /// <param name="QueuePosition">1 for the run that is started next; missing unless it is queued.</param>
    /// <param name="Device">The one that it runs on or has run on; as long as it waits, what it asks for.</param>
    /// <param name="SpecHash">Equal for runs that must give equal numbers.</param>
    /// <param name="Title">What people call it.</param>
    /// <param name="Spec">As it was launched, with the name that it has now.</param>
    /// <param name="Job">The cluster's job that executes it; missing where this machine does.</param>
    internal sealed record RunDescription(
        string Id, RunState State, string? Stage, double Fraction, double? Eta, double? ImagesPerSecond, double? Miou, string? Message,
        DateTimeOffset? Started, DateTimeOffset? Ended, long LastSeq, int? QueuePosition, string Device, string SpecHash, string Title,
        IReadOnlyList<string> Tags, bool Starred, RunSpec Spec, JobDescription? Job);

    /// <summary>A job of a cluster's scheduler, as it was last seen there.</summary>
    /// <param name="Id">"17", or "17_3" for a task of an array.</param>
    /// <param name="State">In the scheduler's words: PENDING, RUNNING, TIMEOUT ...</param>
    /// <param name="Node">Where it runs or has run; missing before that.</param>
    /// <param name="Reason">Why it waits, in the scheduler's words; missing where it does not.</param>
    /// <param name="Resumes">How often the run has gone on by itself.</param>
    /// <param name="MostResumes">How often it may.</param>
    internal sealed record JobDescription(string Id, string State, string? Node, string? Reason, int Resumes, int MostResumes);
}
