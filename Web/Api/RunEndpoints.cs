using System.Text;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Launch;

namespace Dashboard.Web.Api;

/// <summary><c>/api/runs</c>: list, look into, launch, stop, resume, delete.</summary>
internal static class RunEndpoints
{
    /// <summary>Curves are thinned to at most this many buckets: more than any screen has pixels.</summary>
    private const int MaxBuckets = 10_000;

    /// <summary>The end of a log that is sent at most, bytes.</summary>
    private const int MaxLogTail = 1 << 20;

    public static void MapRuns(this RouteGroupBuilder api)
    {
        api.MapRunList();
        api.MapGet("/runs/{id}", (IRunStore store, string id) => store.Find(id) is { } run ? Results.Ok(Describe(run)) : Unknown(id));
        api.MapGet("/runs/{id}/events", (IRunStore store, string id, long? after, CancellationToken stop) =>
            store.Find(id) is { } run ? Results.Ok(StoredEvents(store, run, QueryValue.NotNegative(nameof(after), after) ?? 0, stop)) : Unknown(id));
        api.MapGet("/runs/{id}/metrics", (IRunStore store, string id) => store.Find(id) is null ? Unknown(id) : Results.Ok(store.Metrics(id)));
        api.MapGet("/runs/{id}/series", (IRunStore store, string id, string metric, long? from, long? to, int? buckets) => Series(store, id, metric, from, to, buckets));
        api.MapGet("/runs/{id}/series/{*metric}", (IRunStore store, string id, RestOfPath rest, long? from, long? to, int? buckets) => Series(store, id, rest.Text, from, to, buckets));
        api.MapGet("/runs/{id}/log", LogTailAsync);

        api.MapPost("/runs", Submit);
        api.MapPost("/ablations", SubmitAblation);
        api.MapPost("/runs/{id}/stop", async (IRunStore store, IRunQueue queue, string id) =>
        {
            if (store.Find(id) is null)
                return Unknown(id);
            await queue.StopAsync(id);
            return Results.Ok(store.Find(id) is { } run ? Describe(run) : null);
        });
        api.MapPost("/runs/{id}/resume", (IRunStore store, IRunQueue queue, string id) => Change(store, id, () => queue.Resume(id)));
        api.MapDelete("/runs/{id}", (IRunStore store, IRunQueue queue, string id) => Change(store, id, () => queue.Delete(id)));
    }

    private static async Task<IResult> Submit(IRunQueue queue, AllowedRoots roots, RunRequest request, CancellationToken stop)
    {
        Allow(roots, request);
        var run = await queue.SubmitAsync(request, stop);
        return Results.Created($"/api/runs/{run.Spec.Id}", Describe(run));
    }

    /// <summary>The method's ablation with the options of the request: as many runs as it has variants, all of one group.</summary>
    private static async Task<IResult> SubmitAblation(AblationLaunch ablation, AllowedRoots roots, RunRequest request)
    {
        Allow(roots, request);
        var runs = await ablation.SubmitAsync(request);
        return Results.Created($"/comparison?group={runs[0].Spec.Group}", new { runs[0].Spec.Group, Runs = runs.Select(Describe) });
    }

    /// <exception cref="InvalidRunException">With every path that may not be named.</exception>
    private static void Allow(AllowedRoots roots, RunRequest request)
    {
        var refused = RequestLimits.Faults(request).ToList();
        if (refused.Count == 0)
            refused = [.. RefusedPaths(roots, request)];
        if (refused.Count > 0)
            throw new InvalidRunException(refused);
    }

    /// <summary>Paths of the request that pages and programs on the network may not name.</summary>
    public static IEnumerable<OptionFailure> RefusedPaths(AllowedRoots roots, RunRequest request)
    {
        var dataset = RunDraft.DatasetName(request.Dataset);
        if (Path.IsPathRooted(dataset) && roots.Refuse(dataset) is { } refused)
            yield return new("dataset", $"dataset: {refused}");
        var method = MethodCatalog.Find(request.Method);
        foreach (var field in method?.Schema.Fields.Where(field => field.IsPath || field.IsModel) ?? [])
            if (request.Options?[field.Name] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue<string>(out var path) && IsPath(field, path) && roots.Refuse(path) is { } reason)
                yield return new(field.Name, $"{field.Name}: {reason}");
    }

    private static bool IsPath(OptionField field, string text) => text != "" && (field.IsPath || ModelCatalog.IsPath(text));

    private static IResult Series(IRunStore store, string id, string metric, long? from, long? to, int? buckets)
    {
        if (store.Find(id) is null)
            return Unknown(id);
        QueryValue.NotNegative(nameof(from), from);
        QueryValue.NotNegative(nameof(to), to);
        if (!store.Metrics(id).Contains(metric))
            return Results.Problem($"The run has no metric '{Shown.Text(metric)}'. It has: {string.Join(", ", store.Metrics(id))}.", statusCode: StatusCodes.Status404NotFound);
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
    private static async IAsyncEnumerable<RunEvent> StoredEvents(IRunStore store, RunSummary run, long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
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

    private static IResult Unknown(string id) => Results.Problem($"There is no run '{Shown.Text(id)}'. GET /api/runs lists all.", statusCode: StatusCodes.Status404NotFound, title: "No such run");

    internal static RunDescription Describe(RunSummary run) => new(
        run.Spec.Id, run.State, run.Stage, run.Fraction, run.Eta, run.ImagesPerSecond, run.Miou, run.Message, run.Started, run.Ended, run.LastSeq, run.QueuePosition, run.Spec.Hash, run.Spec);

    internal sealed record RunDescription(
        string Id, RunState State, string? Stage, double Fraction, double? Eta, double? ImagesPerSecond, double? Miou, string? Message,
        DateTimeOffset? Started, DateTimeOffset? Ended, long LastSeq, int? QueuePosition, string SpecHash, RunSpec Spec);
}
