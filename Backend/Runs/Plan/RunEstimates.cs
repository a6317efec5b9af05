using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>How long the runs of a plan will take, from earlier ones.</summary>
/// <param name="runs">Those that there are.</param>
public sealed class RunEstimates(IRunStore runs)
{
    private readonly Dictionary<(string, string?, string, bool), double?> _known = [];

    /// <summary>
    /// Seconds that are still to be spent on a run; null where no run of the same method and preset on the same data has finished, on a GPU or not as
    /// this one.
    /// </summary>
    public double? SecondsOf(PlannedRun run)
    {
        if (run.Step == PlanStep.Reuse)
            return 0;
        if (run.Step != PlanStep.Make && runs.Find(run.Spec.Id) is { } begun)
            return begun.Eta ?? ((1 - begun.Fraction) * Whole(run.Spec));
        return Whole(run.Spec);
    }

    private double? Whole(RunSpec spec)
    {
        var like = (spec.Method, spec.Preset, spec.Dataset, DeviceRequest.IsGpu(spec.Device));
        if (!_known.TryGetValue(like, out var seconds))
            _known[like] = seconds = Median([.. runs.DurationsLike(spec).Order()]);
        return seconds;
    }

    private static double? Median(IReadOnlyList<double> sorted) =>
        sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
