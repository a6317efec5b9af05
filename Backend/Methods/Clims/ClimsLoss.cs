using Dashboard.Domain.Methods.Seeds;

using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Clims;

/// <summary>
/// The losses of CLIMS (Xie et al., CVPR 2022, section 3), named as there. Crops of objects and of their surroundings go through the image tower in
/// one batch; the objects' features serve OTM and CBS both.
/// </summary>
/// <param name="tower">f_i, the image encoder.</param>
/// <param name="resolution">S, the side of the images that the tower sees, in pixels.</param>
public sealed class ClimsLoss(ImageTower tower, int resolution, ClimsTexts texts, ClimsOptions options)
{
    /// <summary>Within these the authors keep cosines in OTM and BTM; no gradient flows beyond them.</summary>
    private const double LowestCosine = 1e-4, HighestCosine = 0.9999;

    /// <summary>Factors of OTM and BTM by class, <c>[K]</c>; null: all 1.</summary>
    public Tensor? ClassWeights { get; init; }

    /// <summary>Added in the logarithm of OTM and BTM; the authors' losses have it, at 0.</summary>
    public double Margin { get; init; }

    /// <summary>
    /// α·OTM + β·BTM + γ·CBS + δ·REG, and its gradient. The gradient flows as far as to the maps one part of the pairs after the other, then once
    /// from the maps to the network, so that no more than <see cref="ClimsOptions.PairsAtOnce"/> pairs' activations are held.
    /// </summary>
    /// <param name="P">Activation maps after the sigmoid, <c>[N, K, h, w]</c>, that require a gradient.</param>
    /// <param name="X">
    /// The images as the network sees them, <c>[N, 3, H, W]</c>. They are not normalised again: 0, which masking leaves, is the mean colour.
    /// </param>
    /// <param name="pairs">(image, class) of every tag, <c>[M, 2]</c>, int64, on the same device (<see cref="present"/> makes them).</param>
    /// <returns>Tensors on the device, which is not waited for.</returns>
    /// <exception cref="ArgumentException">Shapes that do not belong together: says which are expected.</exception>
    public ClimsTerms backward(Tensor P, Tensor X, Tensor pairs)
    {
        RequireShapes(P, X, pairs);
        using var scope = NewDisposeScope();
        var maps = P.detach().requires_grad_();
        var x = resize(X, resolution);
        var M = pairs.shape[0];

        var reg = REG(maps, pairs);
        (options.RegWeight * reg).backward();

        // OTM, BTM and CBS are sums over pairs, so parts of the pairs add up.
        var sums = zeros(3, device: P.device);
        for (var start = 0L; start < M; start += options.PairsAtOnce)
        {
            using var part = NewDisposeScope();
            var some = pairs.narrow(0, start, Math.Min(options.PairsAtOnce, M - start));
            var (s_oo, s_bo, s_ob) = similarities(maps, x, some);
            var k = some.select(1, 1);
            var otm = OTM(s_oo, k).sum() / M;
            var btm = BTM(s_bo, k).sum() / M;
            var cbs = CBS(s_ob, k).sum() / (options.CbsOverPairs == ClimsReduction.Mean ? M : 1);
            (options.OtmWeight * otm + options.BtmWeight * btm + options.CbsWeight * cbs).backward();
            sums.add_(stack([otm, btm, cbs]).detach());
        }
        P.backward([maps.grad!]);

        using var guard = no_grad();
        return new ClimsTerms(sums[0], sums[1], sums[2], reg.detach(), options).MoveToOuterDisposeScope();
    }

    /// <summary>Object region and text label matching: -ln s_oo.</summary>
    /// <param name="s_oo">sim(f_i(X·P_k), f_t(class k)), <c>[M]</c>.</param>
    /// <param name="k">The pairs' classes, <c>[M]</c>, int64.</param>
    /// <returns><c>[M]</c>; the loss is its mean.</returns>
    public Tensor OTM(Tensor s_oo, Tensor k) => -(bounded(s_oo) + Margin).log() * weights(k);

    /// <summary>Background region and text label matching: -ln(1 - s_bo).</summary>
    /// <param name="s_bo">sim(f_i(X·(1 - P_k)), f_t(class k)), <c>[M]</c>.</param>
    /// <param name="k">The pairs' classes, <c>[M]</c>, int64.</param>
    /// <returns><c>[M]</c>; the loss is its mean.</returns>
    public Tensor BTM(Tensor s_bo, Tensor k) => -(1 - bounded(s_bo) + Margin).log() * weights(k);

    /// <summary>
    /// Co-occurring background suppression: -Σ_l ln(1 - s_ob). As in the authors' code no gradient comes from the choice of l by the threshold, and
    /// nothing is clamped.
    /// </summary>
    /// <param name="s_ob">sim(f_i(X·P_k), f_t(background l)), <c>[M, J]</c>.</param>
    /// <param name="k">The pairs' classes, <c>[M]</c>, int64.</param>
    /// <returns><c>[M]</c>; the loss is its sum (or its mean, an option).</returns>
    public Tensor CBS(Tensor s_ob, Tensor k)
    {
        var related = texts.Related is { } table ? table.index_select(0, k).to(s_ob.dtype) : ones_like(s_ob);
        var counted = options.CbsThreshold > -1 ? related * s_ob.gt(options.CbsThreshold) : related;
        var sum = -((1 - s_ob).log() * counted).sum(dim: 1);
        return options.CbsOverBackgrounds == ClimsReduction.Mean ? sum / related.sum(dim: 1).clamp(min: 1) : sum;
    }

    /// <summary>Pixel-level area regularisation: the mean of all maps, at the network's resolution.</summary>
    /// <param name="pairs">(image, class), <c>[M, 2]</c>, int64.</param>
    /// <returns>A scalar.</returns>
    public Tensor REG(Tensor P, Tensor pairs)
    {
        if (!options.RegOfPresentClasses)
            return P.mean();
        return P.mean([2, 3])[pairs.select(1, 0), pairs.select(1, 1)].sum() / Math.Max(1, pairs.shape[0]);
    }

    /// <summary>Cosines of the pairs' crops with texts: s_oo <c>[M]</c>, s_bo <c>[M]</c>, s_ob <c>[M, J]</c>.</summary>
    /// <param name="x">Images at the tower's resolution, <c>[N, 3, S, S]</c>.</param>
    /// <param name="pairs">(image, class), <c>[M, 2]</c>, int64.</param>
    public (Tensor s_oo, Tensor s_bo, Tensor s_ob) similarities(Tensor P, Tensor x, Tensor pairs)
    {
        var M = pairs.shape[0];
        var features = tower(crops(P, x, pairs));
        var (objects, backgrounds) = (features.narrow(0, 0, M), features.narrow(0, M, M));
        var labels = texts.Classes.index_select(0, pairs.select(1, 1));
        return ((objects * labels).sum(dim: 1), (backgrounds * labels).sum(dim: 1), objects.matmul(texts.Backgrounds.t()));
    }

    /// <summary>X·P_k of all pairs, then X·(1 - P_k) of all pairs.</summary>
    /// <param name="x">Images at the tower's resolution, <c>[N, 3, S, S]</c>.</param>
    /// <param name="pairs">(image, class), <c>[M, 2]</c>, int64.</param>
    /// <returns><c>[2 M, 3, S, S]</c></returns>
    public static Tensor crops(Tensor P, Tensor x, Tensor pairs)
    {
        var (image, k) = (pairs.select(1, 0), pairs.select(1, 1));
        var map = resize(P[image, k].unsqueeze(1), x.shape[^1]);
        var shown = x.index_select(0, image);
        return cat([shown * map, shown * (1 - map)]);
    }

    /// <summary>Bilinear, corners aligned, to squares.</summary>
    public static Tensor resize(Tensor maps, long side) =>
        functional.interpolate(maps, size: [side, side], mode: InterpolationMode.Bilinear, align_corners: true);

    /// <summary>
    /// (image, class) of every tag: image by image, its classes in order. Made on the host, because a device would have to be asked how many there
    /// are.
    /// </summary>
    /// <param name="y">Tags, <c>[N, K]</c>: 1 where a class is present, otherwise 0.</param>
    /// <param name="K">Number of classes.</param>
    /// <returns><c>[M, 2]</c>, int64; M may be 0.</returns>
    public static Tensor present(float[] y, int K)
    {
        var pairs = Enumerable.Range(0, y.Length).Where(i => y[i] == 1).SelectMany(i => (long[])[i / K, i % K]).ToArray();
        return tensor(pairs, [pairs.Length / 2, 2]);
    }

    private Tensor bounded(Tensor cosine) => options.ClampCosines ? cosine.clamp(LowestCosine, HighestCosine) : cosine;

    private Tensor weights(Tensor k) => ClassWeights?.index_select(0, k) ?? ones(1, device: k.device);

    private void RequireShapes(Tensor P, Tensor X, Tensor pairs)
    {
        var (N, K) = (P.shape[0], texts.Classes.shape[0]);
        if (P.dim() != 4 || P.shape[1] != K)
            throw new ArgumentException($"Maps of {K} classes [N, {K}, h, w] are expected, not [{string.Join(", ", P.shape)}].", nameof(P));
        if (pairs.dim() != 2 || pairs.shape[1] != 2)
            throw new ArgumentException($"Pairs (image, class) [M, 2] are expected, not [{string.Join(", ", pairs.shape)}].", nameof(pairs));
        if (X.dim() != 4 || X.shape[0] != N)
            throw new ArgumentException($"{N} images [{N}, 3, H, W] are expected, not [{string.Join(", ", X.shape)}].", nameof(X));
        if (ClassWeights is { } weights && !weights.shape.SequenceEqual([K]))
            throw new ArgumentException($"{K} weights are expected, one per class, or none; not [{string.Join(", ", weights.shape)}].");
    }
}
