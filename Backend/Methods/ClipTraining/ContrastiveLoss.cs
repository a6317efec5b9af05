using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.ClipTraining;

/// <summary>The loss that makes images and captions find each other: InfoNCE in both directions (Radford et al., ICML 2021, figure 3).</summary>
public static class ContrastiveLoss
{
    /// <summary>
    /// L = -1/2N Σᵢ Σⱼ tᵢⱼ (ln softmaxⱼ(zᵢⱼ) + ln softmaxⱼ(zⱼᵢ)). Pairs with the same caption share the target t, for the one's caption is no negative of
    /// the other's image.
    /// </summary>
    /// <param name="logits">z: cosine of image i and caption j, divided by the temperature; <c>[N, N]</c>.</param>
    /// <param name="same">1 where captions i and j are equal, otherwise 0; <c>[N, N]</c>, with ones on the diagonal.</param>
    /// <returns>A scalar.</returns>
    public static Tensor InfoNce(Tensor logits, Tensor same)
    {
        using var scope = NewDisposeScope();
        var target = same / same.sum(1, keepdim: true);
        var imageToText = -(target * logits.log_softmax(1)).sum(dim: 1).mean();
        var textToImage = -(target * logits.t().log_softmax(1)).sum(dim: 1).mean();
        return ((imageToText + textToImage) / 2).MoveToOuterDisposeScope();
    }

    /// <summary>How many rows have their largest logit where the caption is the right one, 0..1.</summary>
    /// <param name="logits"><c>[N, N]</c></param>
    /// <param name="same">As in <see cref="InfoNce"/>.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Accuracy(Tensor logits, Tensor same)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return same.gather(1, logits.argmax(1, keepdim: true)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>Which texts are equal, token by token.</summary>
    /// <param name="tokens"><c>[N, L]</c></param>
    /// <returns>1 or 0, <c>[N, N]</c>, float32.</returns>
    public static Tensor SameTexts(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return tokens.unsqueeze(0).eq(tokens.unsqueeze(1)).all(dim: 2).to(float32).MoveToOuterDisposeScope();
    }
}
