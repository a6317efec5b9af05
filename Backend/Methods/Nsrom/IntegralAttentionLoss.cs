using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// The loss of the integral attention model (scripts/train_iam.py, "ExLoss"): every position of the class maps learns what was accumulated there.
/// </summary>
public static class IntegralAttentionLoss
{
    /// <summary>
    /// L = Σ_{t &gt; 0} -t ln σ(z) / #{t &gt; 0} + Σ_{t = 0} -ln(1 - σ(z) + 1e-8) / #{t = 0}. A term without a position is left out. The 1e-8 is the
    /// authors': it lets go of positions that are wrong beyond a logit of 18. Positives are computed from softplus, which never becomes infinite.
    /// </summary>
    /// <param name="z">Logits <c>[N, K, h, w]</c>.</param>
    /// <param name="t">Accumulated attention, 0..1, <c>[N, K, h, w]</c>; 0 for classes that the image does not have.</param>
    public static Tensor Of(Tensor z, Tensor t)
    {
        using var scope = NewDisposeScope();
        var positive = t.gt(0).to(z.dtype);
        var negative = 1 - positive;
        return (Mean(t * functional.softplus(-z), positive) + Mean(-((-z).sigmoid() + 1e-8).log() * negative, negative)).MoveToOuterDisposeScope();
    }

    /// <summary>Without an element the sum is 0, and so is the mean.</summary>
    private static Tensor Mean(Tensor values, Tensor elements) => values.sum() / elements.sum().clamp(min: 1);
}
