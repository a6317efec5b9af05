using System.Text;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Board;

namespace Dashboard.Web.Api.Runs;

/// <summary>
/// <c>/api/runs/{id}/curves.csv</c> and <c>.json</c>: every point, for export. What charts draw comes thinned from <see cref="RunEndpoints"/>.
/// </summary>
internal static class CurveEndpoints
{
    public static void MapCurves(this RouteGroupBuilder api)
    {
        api.MapGet("/runs/{id}/curves.json", (string id, string[]? metric, IRunStore store) =>
            store.Find(id) is null ? NoRun(id) : Results.Ok(
                Full(store, id, metric).ToDictionary(series => series.Metric, series => new Curve(series.Steps, series.Times, series.Last))))
            .Describe("Every point of a run's curves, by metric.", RunEndpoints.Id, Metrics)
            .Produces<IReadOnlyDictionary<string, Curve>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{id}/curves.csv", (string id, string[]? metric, IRunStore store) =>
            store.Find(id) is null ? NoRun(id) : Results.Stream(
                body => WriteCsvAsync(Full(store, id, metric), body), "text/csv; charset=utf-8", $"{id}.csv"))
            .Describe("Every point of a run's curves as CSV, one value a line: metric, step, time, value.", RunEndpoints.Id, Metrics)
            .Produces<string>(StatusCodes.Status200OK, "text/csv")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static readonly Meaning Metrics = new("metric", "Only these metrics; may be given several times. Without it: all.");

    private static IResult NoRun(string id) => Results.Problem($"There is no run '{id}'.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>Every point; all metrics where none is named.</summary>
    private static IEnumerable<MetricSeries> Full(IRunStore store, string id, string[]? metrics) =>
        store.Metrics(id)
            .Where(metric => metrics is null or [] || metrics.Contains(metric))
            .Select(metric => store.Series(id, metric, 0, long.MaxValue, int.MaxValue));

    /// <summary>One line a value, so that metrics with different steps need no empty cells.</summary>
    private static async Task WriteCsvAsync(IEnumerable<MetricSeries> curves, Stream body)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await text.WriteLineAsync("metric,step,time,value");
        foreach (var curve in curves)
            for (var i = 0; i < curve.Steps.Count; i++)
                await text.WriteLineAsync($"{CsvCell.OfText(curve.Metric)},{curve.Steps[i]},{curve.Times[i]:0.###},{curve.Last[i]:R}");
    }

    /// <param name="Times">When each value was reported, in seconds since 1970.</param>
    internal sealed record Curve(IReadOnlyList<long> Steps, IReadOnlyList<double> Times, IReadOnlyList<double> Values);
}
