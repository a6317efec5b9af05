using System.Text;
using Dashboard.Backend.Execution;

namespace Dashboard.Web.Api;

/// <summary>Curves of a run: thinned for a chart's width, or in full for export.</summary>
internal static class CurveEndpoints
{
    private const int DefaultBuckets = 1000;

    /// <summary>More than any screen has pixels.</summary>
    private const int MaxBuckets = 5000;

    public static void MapCurves(this RouteGroupBuilder api)
    {
        api.MapGet("/runs/{id}/series", (string id, string metric, long? from, long? to, int? buckets, IRunStore store) =>
            store.Find(id) is null ? NoRun(id)
            : !store.Metrics(id).Contains(metric) ? Results.Problem($"Run {id} has no metric '{metric}'. It has: {string.Join(", ", store.Metrics(id))}.", statusCode: StatusCodes.Status404NotFound)
            : Results.Ok(store.Series(id, metric, from ?? 0, to ?? long.MaxValue, Math.Clamp(buckets ?? DefaultBuckets, 1, MaxBuckets))));
        api.MapGet("/runs/{id}/curves.json", (string id, string[]? metric, IRunStore store) =>
            store.Find(id) is null ? NoRun(id) : Results.Ok(Full(store, id, metric).ToDictionary(series => series.Metric, series => new { series.Steps, series.Times, Values = series.Last })));
        api.MapGet("/runs/{id}/curves.csv", (string id, string[]? metric, IRunStore store) =>
            store.Find(id) is null ? NoRun(id) : Results.Stream(body => WriteCsvAsync(Full(store, id, metric), body), "text/csv; charset=utf-8", $"{id}.csv"));
    }

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
                await text.WriteLineAsync($"{Quote(curve.Metric)},{curve.Steps[i]},{curve.Times[i]:0.###},{curve.Last[i]:R}");
    }

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;
}
