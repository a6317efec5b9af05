using Dashboard.Backend.Training;
using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>
/// InfoNCE with pairs that do not count, as the authors' <c>NCE</c> has it; without such pairs it is <see cref="InfoNce.Loss"/>. Nothing in the
/// published recipe ignores a pair: this is for losses to be compared with theirs.
/// </summary>
public static class IgnoringNce
{
    /// <summary>
    /// One direction over all processes' pairs (<c>global_reduce</c>; the authors take half of each): -1/N Σᵢ (1 - mᵢ) ln softmaxᵢ(uᵢ·vⱼ / τ). The
    /// key of an ignored pair becomes 0 and its term is left out, yet N stays.
    /// </summary>
    /// <param name="queries">u, <c>[N, D]</c></param>
    /// <param name="keys">v, <c>[N, D]</c></param>
    /// <param name="temperature">τ, a scalar.</param>
    /// <param name="ignored">m: 1 where a pair does not count, otherwise 0; <c>[N]</c>.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Direction(Tensor queries, Tensor keys, Tensor temperature, Tensor ignored, double smoothing = 0)
    {
        using var scope = NewDisposeScope();
        var terms = InfoNce.CrossEntropy(Logits(queries, keys, temperature, ignored), smoothing: smoothing);
        return (terms * (1 - ignored)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Both directions over one process's pairs (without <c>global_reduce</c>). Only texts become 0, and because of a broadcast in the authors' code
    /// every term counts, times the share of pairs that do.
    /// </summary>
    /// <inheritdoc cref="Direction"/>
    public static Tensor Local(Tensor images, Tensor texts, Tensor temperature, Tensor ignored, double smoothing = 0)
    {
        using var scope = NewDisposeScope();
        return (InfoNce.Loss(Logits(images, texts, temperature, ignored), smoothing: smoothing) * (1 - ignored).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="InfoNce.Accuracy"/>, over the rows that count; NaN where none does.</summary>
    public static Tensor Accuracy(Tensor logits, Tensor ignored)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var right = logits.argmax(1).eq(arange(logits.shape[0], device: logits.device)).to(logits.dtype);
        var counted = 1 - ignored;
        return ((right * counted).sum() / counted.sum()).MoveToOuterDisposeScope();
    }

    /// <returns><c>[N, N]</c>: a row for each query; a column of zeros for an ignored pair.</returns>
    public static Tensor Logits(Tensor queries, Tensor keys, Tensor temperature, Tensor ignored)
    {
        using var scope = NewDisposeScope();
        return InfoNce.Logits(queries, keys * (1 - ignored).unsqueeze(1), temperature).MoveToOuterDisposeScope();
    }
}
