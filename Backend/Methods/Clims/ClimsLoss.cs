using Dashboard.Domain.Methods;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Clims;

/// <summary>
/// The losses of CLIMS (Xie et al., CVPR 2022, section 3), named as there. Crops of objects and of their surroundings go through the image tower in one batch; the objects'
/// features serve OTM and CBS both.
/// </summary>
/// <param name="tower">f_i, the image encoder.</param>
/// <param name="resolution">S, the side of the images that the tower sees, in pixels.</param>
public sealed class ClimsLoss(ImageTower tower, int resolution, ClimsTexts texts, ClimsLossOptions options)
{
    private readonly int _pairsAtOnce = options.PairsAtOnce > 0 ? options.PairsAtOnce : throw new ArgumentException($"PairsAtOnce: {options.PairsAtOnce} is not at least 1.", nameof(options));

    /// <summary>
    /// α·OTM + β·BTM + γ·CBS + δ·REG, and its gradient. The gradient flows as far as to the maps one part of the pairs after the other, then once from the maps to the
    /// network, so that no more than <see cref="ClimsLossOptions.PairsAtOnce"/> pairs' activations are held.
    /// </summary>
    /// <param name="P">Activation maps after the sigmoid, <c>[N, K, h, w]</c>, that require a gradient.</param>
    /// <param name="X">The images as the network sees them, <c>[N, 3, H, W]</c>. They are not normalised anew: 0, which masking leaves, is the mean colour.</param>
    /// <param name="y">Tags, <c>[N, K]</c>: 1 where a class is present, otherwise 0.</param>
    /// <exception cref="ArgumentException">Shapes that do not belong together: says which are expected.</exception>
    public ClimsTerms backward(Tensor P, Tensor X, Tensor y)
    {
        RequireShapes(P, X, y);
        using var scope = NewDisposeScope();
        var maps = P.detach().requires_grad_();
        var x = resize(X, resolution);
        var pairs = present(y);
        var M = pairs.shape[0];

        var reg = REG(maps, y);
        (options.RegWeight * reg).backward();

        // OTM, BTM and CBS are sums over pairs, so parts of the pairs add up.
        var sums = zeros(3, device: P.device);
        for (var start = 0L; start < M; start += _pairsAtOnce)
        {
            using var part = NewDisposeScope();
            var some = pairs.narrow(0, start, Math.Min(_pairsAtOnce, M - start));
            var (s_oo, s_bo, s_ob) = similarities(maps, x, some);
            var k = some.select(1, 1);
            var otm = OTM(s_oo, k).sum() / M;
            var btm = BTM(s_bo, k).sum() / M;
            var cbs = CBS(s_ob, k).sum() / (options.CbsOverPairs == ClimsReduction.Mean ? M : 1);
            (options.OtmWeight * otm + options.BtmWeight * btm + options.CbsWeight * cbs).backward();
            sums.add_(stack([otm, btm, cbs]).detach());
        }
        P.backward([maps.grad!]);

        var terms = cat([sums, reg.detach().reshape(1)]).cpu().data<float>().ToArray();
        var total = options.OtmWeight * terms[0] + options.BtmWeight * terms[1] + options.CbsWeight * terms[2] + options.RegWeight * terms[3];
        return new(terms[0], terms[1], terms[2], terms[3], total, M);
    }

    /// <summary>Object region and text label matching: -ln s_oo.</summary>
    /// <param name="s_oo">sim(f_i(X·P_k), f_t(class k)), <c>[M]</c>.</param>
    /// <param name="k">The pairs' classes, <c>[M]</c>, int64.</param>
    /// <returns><c>[M]</c>; the loss is its mean.</returns>
    public Tensor OTM(Tensor s_oo, Tensor k) => -(bounded(s_oo) + options.Margin).log() * weights(k);

    /// <summary>Background region and text label matching: -ln(1 - s_bo).</summary>
    /// <param name="s_bo">sim(f_i(X·(1 - P_k)), f_t(class k)), <c>[M]</c>.</param>
    /// <param name="k">The pairs' classes, <c>[M]</c>, int64.</param>
    /// <returns><c>[M]</c>; the loss is its mean.</returns>
    public Tensor BTM(Tensor s_bo, Tensor k) => -(1 - bounded(s_bo) + options.Margin).log() * weights(k);

    /// <summary>Co-occurring background suppression: -Σ_l ln(1 - s_ob). As in the authors' code no gradient comes from the choice of l by the threshold, and nothing is clamped.</summary>
    /// <param name="s_ob">sim(f_i(X·P_k), f_t(background l)), <c>[M, J]</c>.</param>
    /// <param name="k">The pairs' classes, <c>[M]</c>, int64.</param>
    /// <returns><c>[M]</c>; the loss is its sum (or its mean, an option).</returns>
    public Tensor CBS(Tensor s_ob, Tensor k)
    {
        var related = texts.Related is { } table ? table.index_select(0, k).to(s_ob.dtype) : ones_like(s_ob);
        var counted = options.CbsThreshold is { } threshold ? related * s_ob.gt(threshold) : related;
        var sum = -((1 - s_ob).log() * counted).sum(dim: 1);
        return options.CbsOverBackgrounds == ClimsReduction.Mean ? sum / related.sum(dim: 1).clamp(min: 1) : sum;
    }

    /// <summary>Pixel-level area regularisation: the mean of all maps, at the network's resolution.</summary>
    /// <returns>A scalar.</returns>
    public Tensor REG(Tensor P, Tensor y)
    {
        if (!options.RegOfPresentClasses)
            return P.mean();
        var area = P.mean([2, 3]);
        return (area * y).sum() / y.sum().clamp(min: 1);
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
    public static Tensor resize(Tensor maps, long side) => functional.interpolate(maps, size: [side, side], mode: InterpolationMode.Bilinear, align_corners: true);

    /// <summary>(image, class) of every tag, <c>[M, 2]</c>: image by image, its classes in order.</summary>
    public static Tensor present(Tensor y) => y.eq(1).nonzero();

    private Tensor bounded(Tensor cosine) => options.CosineBounds is var (lowest, highest) ? cosine.clamp(lowest, highest) : cosine;

    private Tensor weights(Tensor k) => options.ClassWeights.Count == 0
        ? ones(1, device: k.device)
        : tensor(options.ClassWeights.Select(weight => (float)weight).ToArray(), device: k.device).index_select(0, k);

    private void RequireShapes(Tensor P, Tensor X, Tensor y)
    {
        var (N, K) = (P.shape[0], texts.Classes.shape[0]);
        if (P.dim() != 4 || P.shape[1] != K)
            throw new ArgumentException($"Maps of {K} classes [N, {K}, h, w] are expected, these are [{string.Join(", ", P.shape)}].", nameof(P));
        if (!y.shape.SequenceEqual([N, K]))
            throw new ArgumentException($"Tags [{N}, {K}] are expected, these are [{string.Join(", ", y.shape)}].", nameof(y));
        if (X.dim() != 4 || X.shape[0] != N)
            throw new ArgumentException($"{N} images [{N}, 3, H, W] are expected, these are [{string.Join(", ", X.shape)}].", nameof(X));
        if (options.ClassWeights.Count > 0 && options.ClassWeights.Count != K)
            throw new ArgumentException($"ClassWeights: {K} weights are expected, one a class, or none; these are {options.ClassWeights.Count}.");
    }
}
