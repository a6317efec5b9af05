using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Web.Components.Comparison;

/// <summary>One row of the comparison table.</summary>
/// <param name="IsBaseline">It is the run that all others start from.</param>
/// <param name="AtBest">The last evaluation at the best threshold; null as long as there is none.</param>
/// <param name="AtFixed">The last evaluation at a fixed threshold, or of masks that need none.</param>
public sealed record ComparedRun(RunSummary Run, bool IsBaseline, RunEvaluated? AtBest, RunEvaluated? AtFixed)
{
    private static readonly string[] Known =
        [CooccurrenceMeasures.FalseActivation, CooccurrenceMeasures.BodyRecall, CooccurrenceMeasures.PartRecall, CooccurrenceMeasures.Precision];

    public string Title => Run.Spec.Name ?? (IsBaseline ? MethodCatalog.Find(Run.Spec.Method)?.Title : null) ?? Run.Spec.DistinctTitle;

    private IReadOnlyDictionary<string, double>? Measures => AtBest?.Measures ?? AtFixed?.Measures;

    /// <summary>The baseline first, where all others start from one run.</summary>
    public static IReadOnlyList<ComparedRun> Of(IReadOnlyList<RunSummary> runs, IRunStore store)
    {
        var baseline = CommonInput(runs) is { } id ? store.Find(id) : null;
        var all = baseline is null ? runs : [baseline, .. runs.Where(run => run.Spec.Id != baseline.Spec.Id)];
        var evaluations = all.SelectMany(run =>
            store.EvaluationsOf(run.Spec.Id).Where(evaluated => !evaluated.Reference).Select(evaluated => (run.Spec.Id, evaluated)))
                .ToLookup(entry => entry.Id, entry => entry.evaluated);
        return [.. all.Select(run => new ComparedRun(
            run,
            run.Spec.Id == baseline?.Spec.Id,
            Last(evaluations[run.Spec.Id], Protocol.SweptThreshold),
            Last(evaluations[run.Spec.Id], Protocol.FixedThreshold) ?? Last(evaluations[run.Spec.Id], Protocol.NoThreshold)))];
    }

    /// <summary>Names of what was measured of any of the runs, those of the built-in data set first.</summary>
    public static IReadOnlyList<string> MeasuresOf(IEnumerable<ComparedRun> runs) =>
        [.. runs.SelectMany(run => run.Measures?.Keys ?? [])
            .Distinct()
            .OrderBy(name => Array.IndexOf(Known, name) is var place and >= 0 ? place : Known.Length)
            .ThenBy(name => name, StringComparer.Ordinal)];

    public double? Measure(string name) => Measures is { } measures && measures.TryGetValue(name, out var value) ? value : null;

    /// <summary>mIoU above another run's at the best threshold; null where the two may not be compared.</summary>
    public double? Above(ComparedRun other) => AtBest?.Protocol.Key == other.AtBest?.Protocol.Key ? AtBest?.Miou - other.AtBest?.Miou : null;

    /// <summary>The run that every other one starts from; it may be one of them.</summary>
    private static string? CommonInput(IReadOnlyList<RunSummary> runs) =>
        runs.SelectMany(run => run.Spec.Inputs.Values)
            .Distinct()
            .FirstOrDefault(id => runs.All(run => run.Spec.Id == id || run.Spec.Inputs.Values.Contains(id)));

    private static RunEvaluated? Last(IEnumerable<RunEvaluated> evaluations, string thresholdSource) =>
        evaluations.Where(evaluation => evaluation.Protocol.ThresholdSource == thresholdSource).MaxBy(evaluation => evaluation.Seq);
}
