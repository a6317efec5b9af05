using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Pipelines;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Launch;

namespace Dashboard.Web.Api.Plans;

/// <summary><c>/api/pipelines</c>: what there is, plan, launch, look, stop, resume.</summary>
internal static class PipelineEndpoints
{
    private static readonly Meaning Name = new("name", "The pipeline's name, such as wsss.");
    private static readonly Meaning Group = new("group", "What the launch answered as group.");

    public static void MapPipelines(this RouteGroupBuilder api)
    {
        api.MapGet("/pipelines", () => PipelineCatalog.All.Select(Describe))
            .Describe("All pipelines with their presets and stages.");
        api.MapPost("/pipelines/{name}/plan",
            async (PipelineLaunch launch, AllowedRoots roots, string name, PipelineRequest request, CancellationToken stop) =>
            PipelineCatalog.Find(name) is { } pipeline
                ? Results.Ok(await launch.PlanAsync(pipeline, Allowed(pipeline, request, roots), stop))
                : Unknown(name))
            .Describe("What a launch would reuse, make and take; nothing is queued.", Name)
            .Produces<PlanReport>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/pipelines/{name}",
            async (PipelineLaunch launch, AllowedRoots roots, string name, PipelineRequest request, CancellationToken stop) =>
        {
            if (PipelineCatalog.Find(name) is not { } pipeline)
                return Unknown(name);
            var record = await launch.SubmitAsync(pipeline, Allowed(pipeline, request, roots), stop);
            return Results.Created($"/api/pipelines/runs/{record.Group}", launch.Report(record));
        })
            .Describe("Launches a pipeline: finished stages are reused, stopped ones go on, the others are queued; all of them, or none.", Name)
            .Produces<PipelineReport>(StatusCodes.Status201Created)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/pipelines/runs/{group}", (PipelineLaunch launch, string group) =>
            launch.Find(group) is { } record ? Results.Ok(launch.Report(record)) : NoSuchLaunch(group))
            .Describe("How a launched pipeline and each of its stages stand.", Group)
            .Produces<PipelineReport>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/pipelines/runs/{group}/stop", async (PipelineLaunch launch, string group) =>
        {
            if (launch.Find(group) is not { } record)
                return NoSuchLaunch(group);
            await launch.StopAsync(record);
            return Results.Ok(launch.Report(record));
        })
            .Describe("Stops the stage that runs and those that wait, but for runs that others wait for; answers when the processes are gone.", Group)
            .Produces<PipelineReport>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/pipelines/runs/{group}/resume", (PipelineLaunch launch, string group) =>
        {
            if (launch.Find(group) is not { } record)
                return NoSuchLaunch(group);
            launch.Resume(record);
            return Results.Ok(launch.Report(record));
        })
            .Describe("Goes on with every stage that has stopped on its way.", Group)
            .Produces<PipelineReport>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The request itself, once it names only what pages and programs on the network may name.</summary>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public static PipelineRequest Allowed(Pipeline pipeline, PipelineRequest request, AllowedRoots roots)
    {
        RequestPaths.Check(roots, PipelinePlan.Of(pipeline, request).Select(run => run.Request));
        return request;
    }

    private static IResult Unknown(string name) =>
        Results.Problem(PipelineCatalog.NotFound(Shown.Text(name)), statusCode: StatusCodes.Status404NotFound, title: "No such pipeline");

    private static IResult NoSuchLaunch(string group) =>
        Results.Problem($"No pipeline was launched as '{Shown.Text(group)}'.", statusCode: StatusCodes.Status404NotFound, title: "No such pipeline");

    private static PipelineDescription Describe(Pipeline pipeline) => new(
        pipeline.Name, pipeline.Title, pipeline.Description, pipeline.Presets, pipeline.Choice,
        [.. pipeline.Stages.Select(stage => new StageDescription(stage.Name, stage.Method, stage.From, stage.OnlyWith))]);

    /// <param name="Choice">What may be chosen between; missing where all stages always run.</param>
    private sealed record PipelineDescription(
        string Name, string Title, string Description, IReadOnlyList<PipelinePreset> Presets, PipelineChoice? Choice,
        IReadOnlyList<StageDescription> Stages);

    /// <param name="From">Stages that it starts from, by role: the first of them that runs.</param>
    /// <param name="OnlyWith">Values of the choice with which it runs; empty: with all.</param>
    private sealed record StageDescription(string Name, string Method, IReadOnlyDictionary<string, IReadOnlyList<string>> From,
        IReadOnlyList<string> OnlyWith);
}
