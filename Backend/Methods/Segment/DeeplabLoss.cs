using Dashboard.Backend.Images.Resizing;
using Dashboard.Domain.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>
/// Cross entropy of every scale's logits with the labels at their size, summed (deeplab-pytorch's main.py); ignored pixels (255) take no part.
/// </summary>
/// <param name="balanced">
/// The mean of background pixels and the mean of all others count the same (CLIMS's main_v2.py), where without COCO's weights noisy labels are
/// learned from. Of a batch without the one or the other, that half is 0; in the authors' code the loss is then no number.
/// </param>
public sealed class DeeplabLoss(bool balanced = false)
{
    /// <param name="pyramid">Logits <c>[N, classes, h, w]</c> of every scale.</param>
    /// <param name="labels"><c>[N, H, W]</c> of type int64.</param>
    /// <returns>One loss a scale; the whole is their sum. They belong to the caller's dispose scope.</returns>
    public Tensor[] Of(IReadOnlyList<Tensor> pyramid, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return [.. pyramid.Select(logits => CrossEntropy(logits, Resized(labels, logits.shape[2], logits.shape[3])).MoveToOuterDisposeScope())];
    }

    /// <summary>Nearest neighbour as PIL takes it.</summary>
    /// <param name="labels"><c>[N, H, W]</c></param>
    /// <returns><c>[N, height, width]</c></returns>
    public static Tensor Resized(Tensor labels, long height, long width)
    {
        using var scope = NewDisposeScope();
        return labels.index_select(1, Positions(labels.shape[1], height))
            .index_select(2, Positions(labels.shape[2], width))
            .MoveToOuterDisposeScope();

        Tensor Positions(long from, long to) =>
            tensor(Array.ConvertAll(Resampling.NearestPositions((int)from, (int)to), position => (long)position), device: labels.device);
    }

    private Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        var pixels = functional.cross_entropy(logits, labels, ignore_index: LabelMap.Ignore, reduction: Reduction.None);
        var (background, foreground) = (labels.eq(LabelMap.Background), labels.ne(LabelMap.Background) & labels.ne(LabelMap.Ignore));
        return balanced ? (Mean(pixels, background) + Mean(pixels, foreground)) / 2 : Mean(pixels, background | foreground);
    }

    /// <summary>0 over no pixel.</summary>
    private static Tensor Mean(Tensor values, Tensor chosen) => (values * chosen).sum() / chosen.sum().clamp(min: 1);
}
