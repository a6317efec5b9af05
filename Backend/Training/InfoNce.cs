using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

/// <summary>
/// InfoNCE between N images and their N texts, in both directions (van den Oord et al., 2018; Radford et al., ICML 2021, figure 3). Serves CLIP's
/// global alignment and SimSeg's LoDA alike: they differ in how the features are pooled.
/// </summary>
public static class InfoNce
{
    /// <summary>Bounds of the temperature in SimSeg's code.</summary>
    public const double LowestTemperature = 0.001;
    public const double HighestTemperature = 0.5;

    /// <summary>τ within its bounds; no gradient flows to it from beyond them.</summary>
    public static Tensor Bounded(Tensor temperature) => temperature.clamp(LowestTemperature, HighestTemperature);

    /// <summary>z = u·vᵀ / τ.</summary>
    /// <param name="images">u, of length one, <c>[N, D]</c>.</param>
    /// <param name="texts">v, of length one, <c>[N, D]</c>.</param>
    /// <param name="temperature">τ, a scalar.</param>
    /// <returns><c>[N, N]</c>: a row for each image.</returns>
    public static Tensor Logits(Tensor images, Tensor texts, Tensor temperature)
    {
        using var scope = NewDisposeScope();
        return (images.matmul(texts.t()) / temperature).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// L = -1/2N Σᵢ Σⱼ tᵢⱼ (ln softmaxⱼ(zᵢⱼ) + ln softmaxⱼ(zⱼᵢ)). Pairs with the same text share the target t, for the one's text is not a negative
    /// of the other's image.
    /// </summary>
    /// <param name="logits">z, <c>[N, N]</c>.</param>
    /// <param name="same">
    /// 1 where texts i and j are equal, otherwise 0; <c>[N, N]</c>, with ones on the diagonal. Null: each text is its own image's alone, as in CLIP's
    /// and SimSeg's code.
    /// </param>
    /// <param name="smoothing">ε: 1 - ε of the target is the partner's, ε is spread over all.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Loss(Tensor logits, Tensor? same = null, double smoothing = 0)
    {
        using var scope = NewDisposeScope();
        var imageToText = CrossEntropy(logits, same, smoothing).mean();
        var textToImage = CrossEntropy(logits.t(), same, smoothing).mean();
        return ((imageToText + textToImage) / 2).MoveToOuterDisposeScope();
    }

    /// <summary>The share of rows whose largest logit is their partner's, or an equal text's; 0..1, without a gradient.</summary>
    /// <param name="logits"><c>[N, N]</c></param>
    /// <param name="same">As in <see cref="Loss"/>.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Accuracy(Tensor logits, Tensor? same = null)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return Partners(logits, same).gather(1, logits.argmax(1, keepdim: true)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>Which texts are equal, token by token.</summary>
    /// <param name="tokens"><c>[N, L]</c></param>
    /// <returns>1 or 0, <c>[N, N]</c>, float32.</returns>
    public static Tensor SameTexts(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        // Place by place, for [N, N, L] would not fit where N is in the thousands.
        var same = ones([tokens.shape[0], tokens.shape[0]], dtype: ScalarType.Bool, device: tokens.device);
        for (var place = 0; place < tokens.shape[1]; place++)
        {
            using var inner = NewDisposeScope();
            var token = tokens.select(1, place);
            same = same.logical_and(token.unsqueeze(0).eq(token.unsqueeze(1))).MoveToOuterDisposeScope();
        }
        return same.to(float32).MoveToOuterDisposeScope();
    }

    /// <summary>-Σⱼ tᵢⱼ ln softmaxⱼ(zᵢⱼ) of every row.</summary>
    /// <returns><c>[N]</c></returns>
    internal static Tensor CrossEntropy(Tensor logits, Tensor? same = null, double smoothing = 0)
    {
        var partners = Partners(logits, same);
        var target = partners / partners.sum(1, keepdim: true);
        if (smoothing > 0)
            target = (1 - smoothing) * target + smoothing / logits.shape[1];
        return -(target * logits.log_softmax(1)).sum(dim: 1);
    }

    private static Tensor Partners(Tensor logits, Tensor? same) => same ?? eye(logits.shape[0], dtype: logits.dtype, device: logits.device);
}
