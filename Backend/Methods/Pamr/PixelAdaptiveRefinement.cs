using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Pamr;

/// <summary>
/// Pixel-adaptive mask refinement (Araslanov and Roth, "Single-Stage Semantic Segmentation from Image Labels", CVPR 2020, section 3.3), as in the
/// authors' code: every pixel's scores become a mean over the neighbours' of eight directions at several distances, again and again.
/// </summary>
public static class PixelAdaptiveRefinement
{
    private static readonly (int Y, int X)[] Directions = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)];

    /// <param name="image"><c>[3, H, W]</c>, of any range: only differences relative to their spread count.</param>
    /// <param name="scores"><c>[K, H, W]</c></param>
    /// <param name="dilations">Distances in pixels.</param>
    /// <returns><c>[K, H, W]</c></returns>
    public static Tensor refine(Tensor image, Tensor scores, IReadOnlyList<int> dilations, int iterations)
    {
        using var scope = NewDisposeScope();
        var weights = affinity(image, dilations);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var mean = zeros_like(scores);
            foreach (var (n, neighbour) in neighbours(scores, dilations).Index())
                mean.addcmul_(neighbour, weights[n], 1);
            scores = mean;
        }
        return scores.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// α_n = softmax over the neighbours n of the channels' mean of -|I - I_n| / (0.1 σ), where σ is a channel's standard deviation in the
    /// neighbourhood.
    /// </summary>
    /// <returns><c>[8 · dilations, H, W]</c></returns>
    private static Tensor affinity(Tensor image, IReadOnlyList<int> dilations)
    {
        var around = stack(neighbours(image, dilations)); // [8 · dilations, 3, H, W]
        // The pixel itself counts once for each distance.
        var σ = cat([around, image.unsqueeze(0).expand(dilations.Count, -1, -1, -1)]).std(0, unbiased: true, keepdim: true);
        return (-(around - image).abs() / (1e-8 + 0.1 * σ)).mean([1]).softmax(0);
    }

    /// <summary>An image seen from each neighbour; beyond its edges the outermost pixels go on.</summary>
    private static IEnumerable<Tensor> neighbours(Tensor x, IReadOnlyList<int> dilations)
    {
        var (height, width) = (x.shape[1], x.shape[2]);
        foreach (var d in dilations)
        {
            var padded = functional.pad(x.unsqueeze(0), [d, d, d, d], PaddingModes.Replicate).squeeze(0);
            foreach (var (dy, dx) in Directions)
                yield return padded.narrow(1, d + d * dy, height).narrow(2, d + d * dx, width);
        }
    }
}
