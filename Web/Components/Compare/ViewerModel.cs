using Dashboard.Backend.Datasets;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Runs;
using Dashboard.Web.Compare;

namespace Dashboard.Web.Components.Compare;

/// <summary>What the panes' module draws.</summary>
/// <param name="TruthUrl">Null where the image has none.</param>
/// <param name="Labels">Names by label, background first.</param>
/// <param name="Colours">By label, too: the background's is not used.</param>
/// <param name="Ahead">Files of the image that is likely to be asked for next.</param>
public sealed record ViewerModel(string Image, string ImageUrl, string? TruthUrl, IReadOnlyList<string> Labels, IReadOnlyList<string> Colours,
    IReadOnlyList<ViewerSource> Sources, IReadOnlyList<string> Ahead)
{
    /// <param name="scores">Null until they are there.</param>
    /// <param name="next">Identifier of the image that follows in the grid; null after the last.</param>
    public static ViewerModel Of(LoadedComparison comparison, CompareView view, ComparisonScores? scores, Sample sample, string? next) => new(
        sample.Id,
        ImageAddress.Image(comparison.Run, sample.Id),
        sample.MaskPath is null ? null : ImageAddress.Truth(comparison.Run, sample.Id),
        comparison.Labels,
        [.. comparison.Labels.Select(ClassColours.Css)],
        [.. comparison.Sources.Select((source, i) => new ViewerSource(
            source.Key.ToString(),
            source.Letter,
            source.Name,
            source.Key.Kind.ToString().ToLowerInvariant(),
            ImageAddress.Source(comparison.Run, source.Key, sample.Id),
            comparison.Threshold(view, i) ?? 0,
            source.Threshold ?? 0,
            scores?.Confusions[i] is { } split ? PixelShares.Of(split.Total) : null,
            [.. (scores?.Sweeps[i]?.Curve ?? source.Source?.Evaluation?.Sweep ?? []).Where(point => double.IsFinite(point.Miou))]))],
        next is null
            ? []
            : [ImageAddress.Image(comparison.Run, next),
                .. comparison.Sources.Select(source => ImageAddress.Source(comparison.Run, source.Key, next))]);
}

/// <summary>A source as the module knows it.</summary>
/// <param name="Kind">"maps", "masks" or "truth".</param>
/// <param name="Threshold">Where the slider begins.</param>
/// <param name="Own">The run's own threshold.</param>
/// <param name="Pixels">Of the whole split; null until it is known.</param>
/// <param name="Curve">mIoU of the split against threshold; empty until it is known.</param>
public sealed record ViewerSource(string Key, string Letter, string Name, string Kind, string Url, double Threshold, double Own,
    PixelShares? Pixels, IReadOnlyList<ThresholdPoint> Curve);
