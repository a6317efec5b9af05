using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Web.Compare;

/// <summary>A cell of the confusion matrix: pixels of one true and one predicted label.</summary>
public readonly record struct MatrixCell(int Truth, int Prediction)
{
    /// <summary>"3-0".</summary>
    public static MatrixCell? Parse(string? text) =>
        text?.Split('-') is [var truth, var prediction] && byte.TryParse(truth, out var row) && byte.TryParse(prediction, out var column)
            ? new(row, column)
            : null;

    public override string ToString() => $"{Truth}-{Prediction}";
}

/// <summary>One image of the grid.</summary>
/// <param name="Scores">IoU by source, 0..1: the image's mean, or the chosen class's; null where there is none.</param>
/// <param name="Key">What it was sorted by; null in the split's order and where it has no such number (those come last).</param>
public sealed record RankedImage(Sample Sample, IReadOnlyList<double?> Scores, double? Key);

/// <summary>Puts the images of a split in order.</summary>
/// <param name="confusions">By source; null for a source without scores.</param>
/// <param name="labels">Number of labels, background included.</param>
public sealed class ImageRanking(IReadOnlyList<Sample> samples, IReadOnlyList<SplitConfusion?> confusions, int labels)
{
    private readonly IReadOnlyList<IReadOnlyDictionary<string, ImageConfusion>?> _byImage =
        [.. confusions.Select(split =>
            split?.Ids.Zip(split.Confusions)
                .DistinctBy(image => image.First)
                .ToDictionary(image => image.First, image => image.Second, StringComparer.Ordinal))];

    /// <param name="label">Only images in which it occurs, in the truth or a source's answer; scores are then its IoU.</param>
    /// <param name="cell">Only images with pixels in this cell of source <paramref name="of"/>'s matrix.</param>
    /// <param name="order">Null: the images with most pixels in the cell first, else the split's order.</param>
    /// <param name="disagreement">By image; needed for that order only.</param>
    public IReadOnlyList<RankedImage> Rank(ImageOrder? order, int? label = null, MatrixCell? cell = null, int of = 0,
        IReadOnlyDictionary<string, double>? disagreement = null)
    {
        var shown = samples.Where(sample => (label is null || Occurs(sample, label.Value)) && (cell is null || Pixels(sample, of, cell.Value) > 0));
        var ranked = shown.Select(sample => (Sample: sample, Scores: Scores(sample, label)))
            .Select(image => new RankedImage(image.Sample, image.Scores, Key(image.Sample, image.Scores)));
        return order?.Kind switch
        {
            OrderKind.Split => [.. ranked],
            null when cell is null => [.. ranked],
            OrderKind.Lowest => [.. ranked.OrderBy(image => image.Key ?? double.PositiveInfinity)],
            _ => [.. ranked.OrderByDescending(image => image.Key ?? double.NegativeInfinity)],
        };

        double? Key(Sample sample, IReadOnlyList<double?> scores) => order switch
        {
            null => cell is { } chosen ? Pixels(sample, of, chosen) : null,
            { Kind: OrderKind.Lowest or OrderKind.Highest, A: var a } => scores[a],
            { Kind: OrderKind.Difference, A: var a, B: var b } => scores[a] - scores[b],
            { Kind: OrderKind.Disagreement } => disagreement?.TryGetValue(sample.Id, out var share) == true && double.IsFinite(share) ? share : null,
            _ => null,
        };
    }

    private double?[] Scores(Sample sample, int? label) => [.. _byImage.Select(split =>
        split?.TryGetValue(sample.Id, out var confusion) != true
            ? null
            : label is { } chosen
            ? confusion!.Iou(chosen)
            : Finite(confusion!.MeanIou(labels)))];

    private bool Occurs(Sample sample, int label) =>
        sample.Tags.Contains(label - 1)
            || _byImage.Any(split => split?.TryGetValue(sample.Id, out var confusion) == true && confusion.Iou(label) is not null);

    private long Pixels(Sample sample, int source, MatrixCell cell) =>
        _byImage.ElementAtOrDefault(source)?.TryGetValue(sample.Id, out var confusion) == true ? confusion.Pixels(cell.Truth, cell.Prediction) : 0;

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
