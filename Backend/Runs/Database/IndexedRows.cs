using System.Text.Json;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Database;

/// <summary>Rows of the index from what the store knows, and back.</summary>
public static class IndexedRows
{
    public static IndexedRun Of(RunSummary run, IReadOnlyList<RunEvaluated> evaluations, IReadOnlyList<string> metrics, RunStamp stamp)
    {
        var spec = run.Spec;
        return new()
        {
            Id = spec.Id,
            Title = spec.Title,
            Method = spec.Method,
            Dataset = spec.Dataset,
            Group = spec.Group,
            Preset = spec.Preset,
            Device = spec.Device,
            Key = spec.Key,
            State = run.State,
            Recipe = run.Recipe,
            Seed = spec.Seed,
            Starred = run.Labels.Starred,
            Created = spec.Created.UtcTicks,
            Began = (run.Started ?? spec.Created).UtcTicks,
            Started = run.Started?.UtcTicks,
            Ended = run.Ended?.UtcTicks,
            Miou = run.Miou,
            MainProtocol = MainScore.Of(spec, evaluations) is { } main ? WorldVariants.ToldApart(spec, main).Protocol.Key : null,
            SearchText = string.Join('\n', [spec.Id, spec.Title, spec.Method, spec.Dataset, spec.Preset, spec.Device, spec.Group, .. run.Labels.Tags,
                run.Labels.Notes]).ToLowerInvariant(),
            LogLength = stamp.LogLength,
            HasTicket = stamp.HasTicket,
            Written = stamp.Written,
            Labelled = stamp.Labelled,
            Summary = JsonSerializer.Serialize(run, RunJson.Line),
            Metrics = JsonSerializer.Serialize(metrics, RunJson.Line),
            Inputs = [.. spec.Inputs.Select(input => new IndexedInput { RunId = spec.Id, Role = input.Key, InputId = input.Value })],
            Tags = [.. run.Labels.Tags.Select(tag => new IndexedTag { RunId = spec.Id, Tag = tag })],
            Evaluations = [.. evaluations.Select(evaluated => Of(spec, evaluated))],
        };
    }

    /// <summary>Null where it cannot be read.</summary>
    public static RunSummary? TrySummary(string json) => TryRead<RunSummary>(json);

    /// <inheritdoc cref="TrySummary"/>
    public static IReadOnlyList<string>? TryMetrics(string json) => TryRead<string[]>(json);

    /// <inheritdoc cref="TrySummary"/>
    public static RunEvaluated? TryEvaluation(string json, string? sweep = null) => TryRead<RunEvent>(json) is RunEvaluated evaluated
        ? sweep is null ? evaluated : evaluated with { Sweep = TryRead<ThresholdPoint[]>(sweep) }
        : null;

    private static IndexedEvaluation Of(RunSpec spec, RunEvaluated evaluated)
    {
        var toldApart = WorldVariants.ToldApart(spec, evaluated);
        // What is not a number is null in SQL, and sorts behind all numbers.
        RunEvent kept = toldApart with { Sweep = null, PerClass = [.. toldApart.PerClass.Select(iou => iou is double.NaN ? null : iou)] };
        return new()
        {
            RunId = spec.Id,
            Seq = evaluated.Seq,
            Row = evaluated.Row,
            Reference = evaluated.Reference,
            Protocol = toldApart.Protocol.Key,
            Miou = evaluated.IsMeasured ? evaluated.Miou : null,
            Event = JsonSerializer.Serialize(kept, RunJson.Line),
            Sweep = evaluated.Sweep is { } sweep ? JsonSerializer.Serialize(sweep, RunJson.Line) : null,
        };
    }

    private static T? TryRead<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, RunJson.Strict);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }
}
