using System.Text.Json.Serialization.Metadata;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Evaluation;
using Dashboard.Web.Api.Inference;
using Dashboard.Web.Api.Plans;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Api.Resources;
using Dashboard.Web.Api.Runs;
using Dashboard.Web.Compare;
using Dashboard.Web.Components.Report;
using Dashboard.Web.Datasets;

namespace Dashboard.Web.Api;

/// <summary>The REST endpoints under <c>/api</c>; errors are RFC 7807 with all failures.</summary>
internal static class ApiEndpoints
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddApiDocument();
        services.AddMemoryCache();
        services.AddSingleton<DatasetBrowser>();
        services.AddSingleton<CompareCatalog>();
        services.AddSingleton<RunClasses>();
        services.AddSingleton<CompareScores>();
        services.AddSingleton<Thumbnails>();
        services.AddSingleton<RunReports>();
        services.AddSingleton<RunShares>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Explain);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            var house = RunJson.Line;
            json.SerializerOptions.Encoder = house.Encoder;
            json.SerializerOptions.DefaultIgnoreCondition = house.DefaultIgnoreCondition;
            json.SerializerOptions.NumberHandling = house.NumberHandling;
            // What a body lacks is named in the answer. What the program writes is as it is.
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.RespectNullableAnnotations = true;
            // With two values under one name it is unclear which was meant.
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.Converters.Add(new UniqueNames());
            json.SerializerOptions.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { MayWriteNulls } };
            foreach (var converter in house.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
    }

    /// <summary>What no endpoint has answered: a catch-all would also hide that an address takes another method or type.</summary>
    private static void Explain(ProblemDetailsContext context)
    {
        var (request, problem) = (context.HttpContext.Request, context.ProblemDetails);
        problem.Detail ??= problem.Status switch
        {
            StatusCodes.Status404NotFound => $"There is no address {Shown.Text(request.Path)}.",
            StatusCodes.Status405MethodNotAllowed => $"{Shown.Text(request.Path)} does not take {Shown.Text(request.Method)}.",
            StatusCodes.Status415UnsupportedMediaType =>
                $"{Shown.Text(request.Path)} does not take a body of the type '{Shown.Text(request.ContentType ?? "")}'. Send application/json.",
            _ => null,
        };
    }

    private static void MayWriteNulls(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => !property.PropertyType.IsValueType))
            property.IsGetNullable = true;
    }

    public static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api");

    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").DisableAntiforgery()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status500InternalServerError);
        var runs = Part("Runs");
        runs.MapRuns();
        runs.MapLabels();
        runs.MapRunFiles();
        runs.MapExport();
        runs.MapReports();
        runs.MapTimeline();
        runs.MapCurves();
        runs.MapLogs();
        Part("Methods").MapMethods();
        Part("Pipelines").MapPipelines();
        Part("Sweeps").MapSweeps();
        Part("Data sets").MapDatasets();
        Part("Models").MapModels();
        Part("Zero-shot masks").MapSegment();
        Part("Segmentation networks").MapPredict();
        Part("Activation maps").MapActivations();
        Part("Leaderboard").MapLeaderboard();
        Part("Compare").MapCompare();
        Part("Devices").MapDevices();
        app.MapShares();
        app.MapApiDocument();

        RouteGroupBuilder Part(string title) => api.MapGroup("").WithTags(title);
    }
}
