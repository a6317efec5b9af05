using Dashboard.Backend.Postprocess.RandomWalk;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>The losses of IRNet (IRN, sections 4.3 to 4.5; step/train_irn.py).</summary>
/// <param name="radius">γ, in positions: 10 in the authors' training.</param>
public sealed class IrnLoss(int radius)
{
    /// <summary>Keeps logarithms finite and empty sets harmless.</summary>
    private const double Epsilon = 1e-5;

    private readonly PairAffinity _pairs = new(new PathIndex(radius));

    /// <summary>The terms of a batch.</summary>
    /// <param name="boundary">Boundary logits <c>[N, 1, h, w]</c>.</param>
    /// <param name="displacement"><c>[N, 2, h, w]</c></param>
    /// <param name="labels">IR labels at the maps' size, <c>[N, h, w]</c> of type int64.</param>
    /// <param name="classes">Background included: labels from here on, 255 among them, say nothing. 21 in IRN's code.</param>
    /// <remarks>The terms belong to the caller's dispose scope.</remarks>
    public IrnTerms Of(Tensor boundary, Tensor displacement, Tensor labels, long classes)
    {
        using var scope = NewDisposeScope();
        var p = PairLabels.Of(labels, _pairs.Index, _pairs.Directions, classes);
        var a = _pairs.Affinity(boundary.sigmoid());
        var (similar, different) = (-(a + Epsilon).log(), -(1 + Epsilon - a).log());
        var delta = _pairs.Displacement(displacement);
        var (way, stay) = ((delta - _pairs.Way(delta.device)).abs(), delta.abs());
        return new IrnTerms(
            Mean(similar, p.BackgroundPositive) / 2 + Mean(similar, p.ForegroundPositive) / 2,
            Mean(different, p.Negative),
            MeanOfTwo(way, p.ForegroundPositive),
            MeanOfTwo(stay, p.BackgroundPositive)).MoveToOuterDisposeScope();
    }

    private static Tensor Mean(Tensor values, Tensor pairs) => (values * pairs).sum() / (pairs.sum() + Epsilon);

    /// <summary>Over rows and columns, too.</summary>
    private static Tensor MeanOfTwo(Tensor values, Tensor pairs) => (values * pairs.unsqueeze(1)).sum() / (2 * pairs.sum() + Epsilon);
}

/// <summary>The terms of IRNet's loss; scalars.</summary>
/// <param name="Positive">L_B over P+: half its background, half its foreground pairs.</param>
/// <param name="Negative">L_B over P-.</param>
/// <param name="DisplacementForeground">L_D_fg: displacements of a foreground pair differ by the way between the two.</param>
/// <param name="DisplacementBackground">L_D_bg: those of a background pair do not differ.</param>
public sealed record IrnTerms(Tensor Positive, Tensor Negative, Tensor DisplacementForeground, Tensor DisplacementBackground)
{
    /// <summary>L of section 4.5; as in the authors' code each branch's two terms are averaged.</summary>
    public Tensor Total => (Positive + Negative) / 2 + (DisplacementForeground + DisplacementBackground) / 2;

    internal IrnTerms MoveToOuterDisposeScope()
    {
        foreach (var term in (Tensor[])[Positive, Negative, DisplacementForeground, DisplacementBackground])
            term.MoveToOuterDisposeScope();
        return this;
    }
}
