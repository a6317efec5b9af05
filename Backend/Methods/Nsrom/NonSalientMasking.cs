using Dashboard.Backend.Postprocess;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// Non-Salient Region Masking (NSROM, section 3.5; classification/gen_masked_label.py): labels for the second segmentation network. In images of
/// several classes the first network's prediction is filled up from the pseudo labels, and what lies far from objects and salient regions is left
/// undecided. Equal to the authors' labels.
/// </summary>
public sealed record NonSalientMasking
{
    /// <summary>Side of the square by which objects and salient regions grow, in pixels.</summary>
    public int Side { get; init; } = 30;

    /// <summary>With a smaller share of object pixels the whole image is left undecided.</summary>
    public double LeastForeground { get; init; } = 0.01;

    /// <param name="prediction">R, of the first network on the training image.</param>
    /// <param name="pseudo">The labels that it was trained on.</param>
    /// <param name="saliency">0..255, <c>[Height, Width]</c>. (The paper's mask has objects only; the authors' code adds what is salient.)</param>
    /// <param name="classes">How many classes the image has: with one, its prediction is taken as it is.</param>
    /// <exception cref="ArgumentException">The three differ in size.</exception>
    public LabelMap Of(LabelMap prediction, LabelMap pseudo, ReadOnlySpan<byte> saliency, int classes)
    {
        if ((prediction.Width, prediction.Height) != (pseudo.Width, pseudo.Height) || prediction.Labels.Length != saliency.Length)
            throw new ArgumentException(
                $"The prediction has {prediction.Width}x{prediction.Height} pixels, the pseudo label {pseudo.Width}x{pseudo.Height}, the saliency "
                + $"{saliency.Length}.");
        var labels = prediction.Labels.ToArray();
        if (classes > 1)
        {
            var mask = new byte[labels.Length];
            for (var i = 0; i < labels.Length; i++)
            {
                if (labels[i] == LabelMap.Background && pseudo.Labels[i] is not (LabelMap.Background or LabelMap.Ignore))
                    labels[i] = pseudo.Labels[i];
                mask[i] = labels[i] != LabelMap.Background || saliency[i] != 0 ? (byte)1 : (byte)0;
            }
            mask = Morphology.Dilate(mask, prediction.Width, prediction.Height, Side);
            for (var i = 0; i < labels.Length; i++)
                if (mask[i] == 0)
                    labels[i] = LabelMap.Ignore;
        }
        return InitialLabels.UndecidedWithoutForeground(new(prediction.Width, prediction.Height, labels), LeastForeground);
    }
}
