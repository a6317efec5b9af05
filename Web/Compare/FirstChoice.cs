using Dashboard.Backend.Runs;

namespace Dashboard.Web.Compare;

/// <summary>What is compared before anybody chooses.</summary>
public static class FirstChoice
{
    /// <summary>On the images of the newest run: the best run of each method, at most three, and the ground truth.</summary>
    /// <param name="available">Newest first; at least one.</param>
    public static IReadOnlyList<SourceKey> Of(IReadOnlyList<CompareSource> available)
    {
        // Of each run what it has measured, best first; what has not been measured comes last, newest first.
        var runs = available.Where(source => source.Images == available[0].Images)
            .OrderByDescending(source => source.Evaluation is { IsMeasured: true } measured ? measured.Miou : -1)
            .DistinctBy(source => source.Key.Run)
            .ToList();
        var best = runs.DistinctBy(source => source.Run.Spec.Method).Take(CompareView.MaxSources - 1).ToList();
        return [.. (best.Count > 1 ? best : runs.Take(2)).Select(source => source.Key), SourceKey.Truth];
    }
}
