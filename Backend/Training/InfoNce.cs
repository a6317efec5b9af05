using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Training;

/// <summary>
/// InfoNCE between N images and their N texts (van den Oord et al., 2018): each finds its partner among all others'. Serves CLIP's global alignment and SimSeg's LoDA,
/// which differ in how the features are pooled.
/// </summary>
public static class InfoNce
{
    /// <summary>Bounds of the temperature in SimSeg's code; beyond them no gradient flows to it.</summary>
    public const double LowestTemperature = 0.001;
    public const double HighestTemperature = 0.5;

    /// <summary>τ within its bounds.</summary>
    public static Tensor Bounded(Tensor temperature) => temperature.clamp(LowestTemperature, HighestTemperature);

    /// <summary>Half of each direction: ½ (L(image to text) + L(text to image)), SimSeg's <c>global_reduce</c> and CLIP's loss alike.</summary>
    /// <param name="images">Features of length one, <c>[N, D]</c>.</param>
    /// <param name="texts">As <paramref name="images"/>: row i belongs to image i.</param>
    /// <param name="temperature">τ, a scalar; what has bounds is bounded by the caller.</param>
    /// <param name="same">1 where texts i and j are equal, otherwise 0, <c>[N, N]</c>, symmetric: such pairs share the target, for the one's text is no negative of the other's image. Null: all differ.</param>
    /// <param name="ignored">As in <see cref="Direction"/>.</param>
    /// <param name="smoothing">As in <see cref="Direction"/>.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Loss(Tensor images, Tensor texts, Tensor temperature, Tensor? same = null, Tensor? ignored = null, double smoothing = 0)
    {
        using var scope = NewDisposeScope();
        var imageToText = Direction(images, texts, temperature, same, ignored, smoothing);
        var textToImage = Direction(texts, images, temperature, same, ignored, smoothing);
        return (0.5 * (imageToText + textToImage)).MoveToOuterDisposeScope();
    }

    /// <summary>-1/N Σᵢ (1 - mᵢ) Σⱼ tᵢⱼ ln softmaxⱼ(uᵢ·vⱼ / τ): queries u find their partner among the keys v.</summary>
    /// <param name="ignored">m: 1 where a pair does not count, <c>[N]</c>. Its key becomes 0 and its term is left out, yet N stays, as in the authors' code. Null: all count.</param>
    /// <param name="smoothing">ε: (1 - ε) of the target is the partner, ε spread over all keys.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Direction(Tensor queries, Tensor keys, Tensor temperature, Tensor? same = null, Tensor? ignored = null, double smoothing = 0)
    {
        using var scope = NewDisposeScope();
        var terms = CrossEntropy(Logits(queries, keys, temperature, ignored), same, smoothing);
        return (ignored is null ? terms : terms * (1 - ignored)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Both directions over one process's pairs, SimSeg's loss without <c>global_reduce</c>. It differs from <see cref="Loss"/> where pairs are ignored: only texts become 0, and
    /// because of a broadcast in the authors' code all terms count, times the share of pairs that count.
    /// </summary>
    /// <inheritdoc cref="Loss"/>
    public static Tensor LocalLoss(Tensor images, Tensor texts, Tensor temperature, Tensor? ignored = null, double smoothing = 0)
    {
        using var scope = NewDisposeScope();
        var logits = Logits(images, texts, temperature, ignored);
        var terms = 0.5 * (CrossEntropy(logits, null, smoothing) + CrossEntropy(logits.t(), null, smoothing));
        return (ignored is null ? terms.mean() : terms.mean() * (1 - ignored).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>z = u·vᵀ / τ.</summary>
    /// <returns><c>[N, N]</c>: a row for each query.</returns>
    public static Tensor Logits(Tensor queries, Tensor keys, Tensor temperature, Tensor? ignored = null)
    {
        using var scope = NewDisposeScope();
        if (ignored is not null)
            keys = keys * (1 - ignored).unsqueeze(1);
        return (queries.matmul(keys.t()) / temperature).MoveToOuterDisposeScope();
    }

    /// <summary>The share of queries whose largest logit is their partner's (or an equal text's), 0..1, without a gradient.</summary>
    /// <param name="logits"><c>[N, N]</c></param>
    /// <param name="ignored">Rows that do not count.</param>
    /// <returns>A scalar; NaN where no row counts.</returns>
    public static Tensor Accuracy(Tensor logits, Tensor? same = null, Tensor? ignored = null)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var found = logits.argmax(1);
        var right = same is null
            ? found.eq(arange(logits.shape[0], device: logits.device)).to(logits.dtype)
            : same.gather(1, found.unsqueeze(1)).squeeze(1);
        var counted = ignored is null ? ones_like(right) : ignored.lt(1).to(logits.dtype);
        return ((right * counted).sum() / counted.sum()).MoveToOuterDisposeScope();
    }

    /// <summary>Which texts are equal, token by token.</summary>
    /// <param name="tokens"><c>[N, L]</c></param>
    /// <returns>1 or 0, <c>[N, N]</c>, float32: what <see cref="Loss"/> takes.</returns>
    public static Tensor SameTexts(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return tokens.unsqueeze(0).eq(tokens.unsqueeze(1)).all(dim: 2).to(float32).MoveToOuterDisposeScope();
    }

    /// <returns><c>[N]</c></returns>
    private static Tensor CrossEntropy(Tensor logits, Tensor? same, double smoothing)
    {
        if (same is null)
            return functional.cross_entropy(logits, arange(logits.shape[0], device: logits.device), reduction: Reduction.None, label_smoothing: smoothing);
        var target = same / same.sum(1, keepdim: true);
        return functional.cross_entropy(logits, target, reduction: Reduction.None, label_smoothing: smoothing);
    }
}
