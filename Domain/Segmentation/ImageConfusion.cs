using System.Collections.Immutable;

namespace Dashboard.Domain.Segmentation;

/// <summary>Pixels of one image with a true and a predicted label.</summary>
public readonly record struct ConfusionCell(byte Truth, byte Prediction, long Count);

/// <summary>One image's confusion counts, without the zeros: an image holds few of a data set's classes.</summary>
public sealed record ImageConfusion(ImmutableArray<ConfusionCell> Cells)
{
    /// <summary>The image's own mean IoU, over the labels in its truth or prediction; NaN where every pixel is ignored.</summary>
    public double MeanIou(int labels)
    {
        var overlap = new LabelOverlap(stackalloc long[labels], stackalloc long[labels]);
        overlap.Add(this);
        return overlap.MeanIou;
    }

    /// <summary>One label's IoU in this image; null where it occurs neither in truth nor in prediction.</summary>
    public double? Iou(int label)
    {
        var union = Cells.Where(cell => cell.Truth == label || cell.Prediction == label).Sum(cell => cell.Count);
        return union == 0 ? null : Pixels(label, label) / (double)union;
    }

    /// <summary>Pixels of one true and one predicted label.</summary>
    public long Pixels(int truth, int prediction) =>
        Cells.Where(cell => cell.Truth == truth && cell.Prediction == prediction).Sum(cell => cell.Count);
}
