using Dashboard.Backend.Postprocess.RandomWalk;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>AffinityNet's loss (PSA, section 3.2; train_aff.py).</summary>
/// <param name="radius">γ, in positions: 5.</param>
public sealed class PsaLoss(int radius = 5)
{
    private const double Epsilon = 1e-5;

    /// <summary>All labels below 255 count.</summary>
    private const long FirstInvalid = 255;

    private readonly PathIndex _index = new(radius);

    /// <param name="features">f^aff, <c>[N, C, h, w]</c>.</param>
    /// <param name="labels"><c>[N, h, w]</c> of type int64.</param>
    /// <remarks>The terms belong to the caller's dispose scope.</remarks>
    public PsaTerms Of(Tensor features, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var w = new FeatureAffinity(_index).Affinity(features);
        var p = PairLabels.Of(labels, _index, _index.Directions, FirstInvalid);
        return new PsaTerms(
            Mean(-(w + Epsilon).log(), p.BackgroundPositive),
            Mean(-(w + Epsilon).log(), p.ForegroundPositive),
            Mean(-(1 + Epsilon - w).log(), p.Negative)).MoveToOuterDisposeScope();
    }

    private static Tensor Mean(Tensor values, Tensor pairs) => (values * pairs).sum() / (pairs.sum() + Epsilon);
}

/// <summary>The terms of AffinityNet's loss; scalars.</summary>
/// <param name="Background">L+_bg: over pairs of background.</param>
/// <param name="Foreground">L+_fg: over pairs of one class.</param>
/// <param name="Negative">L-: over pairs of two classes.</param>
public sealed record PsaTerms(Tensor Background, Tensor Foreground, Tensor Negative)
{
    /// <summary>L = L+_fg + L+_bg + 2 L-, a quarter of it in the authors' code.</summary>
    public Tensor Total => Background / 4 + Foreground / 4 + Negative / 2;

    internal PsaTerms MoveToOuterDisposeScope()
    {
        foreach (var term in (Tensor[])[Background, Foreground, Negative])
            term.MoveToOuterDisposeScope();
        return this;
    }
}
