using Dashboard.Domain.Runs;
using Dashboard.Web.Compare;
using Dashboard.Web.Datasets;

namespace Dashboard.Web.Api;

/// <summary>The REST endpoints under <c>/api</c>; errors are RFC 7807 with all failures.</summary>
internal static class ApiEndpoints
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddMemoryCache();
        services.AddSingleton<DatasetBrowser>();
        services.AddSingleton<CompareCatalog>();
        services.AddSingleton<CompareScores>();
        services.AddSingleton<Thumbnails>();
        services.AddProblemDetails();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            var house = RunJson.Line;
            json.SerializerOptions.Encoder = house.Encoder;
            json.SerializerOptions.DefaultIgnoreCondition = house.DefaultIgnoreCondition;
            json.SerializerOptions.NumberHandling = house.NumberHandling;
            // What a body lacks is named in the answer.
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            foreach (var converter in house.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
    }

    public static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api");

    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").DisableAntiforgery();
        api.MapRuns();
        api.MapRunFiles();
        api.MapTimeline();
        api.MapCurves();
        api.MapLogs();
        api.MapMethods();
        api.MapLeaderboard();
        api.MapDatasets();
        api.MapModels();
        api.MapSegment();
        api.MapCompare();
        api.Map("/{**rest}", (string rest) => Results.Problem($"There is no address /api/{rest}.", statusCode: StatusCodes.Status404NotFound));
    }
}
