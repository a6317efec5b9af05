using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Refinement;

/// <summary>How soft maps become the probabilities that a CRF starts from.</summary>
public enum CrfProbabilities
{
    /// <summary>softmax(sharpness · maps), in which the background has a constant score.</summary>
    Softmax,

    /// <summary>The label that wins under the background's score, with the certainty 0.7, as IRN makes its labels.</summary>
    Labels,

    /// <summary>The maps as they are, and (1 - their maximum)^α for the background, as in PSA.</summary>
    Alpha,
}

/// <summary>
/// Options of a dense CRF over soft maps. The pairwise defaults are those of IRN's labels (10 iterations, 3/3, 50/5/10); DeepLab's are 1/3, 67/3/4,
/// PSA's 3/3, 80/13/10.
/// </summary>
public sealed record CrfOptions : SplitsOptions
{
    [Option(
        "Probabilities",
        "How maps become probabilities: softmax of sharpened maps, the winning label with the certainty 0.7 (IRN), or the maps beside (1 - "
        + "maximum)^alpha (PSA).")]
    public CrfProbabilities Probabilities { get; init; } = CrfProbabilities.Softmax;

    [Option("Probabilities", "softmax: the factor of the maps, which lie between 0 and 1. Higher values trust them more.", Min = 0,
        MinExclusive = true, Max = 1000)]
    public double Sharpness { get; init; } = 6;

    [Option("Probabilities", "softmax and labels: the score of the background beside the maps.", Min = 0, Max = 1)]
    public double Background { get; init; } = 0.2;

    [Option("Probabilities", "alpha: the power of the background. PSA has 4 for sure classes, 16 for the final labels, 32 for sure background.",
        Min = 0, MinExclusive = true, Max = 100)]
    public double Alpha { get; init; } = 16;

    [Option("CRF", "Mean-field iterations.", Unit = "iterations", Min = 0, Max = 100)]
    public int Iterations { get; init; } = 10;

    [Option("CRF", "Standard deviation of the smoothness kernel.", Unit = "px", Min = 0.1, Max = 1000)]
    public double SmoothnessWidth { get; init; } = 3;

    [Option("CRF", "Weight of the smoothness kernel.", Min = 0, Max = 1000)]
    public double SmoothnessWeight { get; init; } = 3;

    [Option("CRF", "Standard deviation of the appearance kernel in position.", Unit = "px", Min = 1, Max = 1000)]
    public double AppearanceWidth { get; init; } = 50;

    [Option("CRF", "Standard deviation of the appearance kernel in colour.", Unit = "levels", Min = 0.5, Max = 255)]
    public double AppearanceColour { get; init; } = 5;

    [Option("CRF", "Weight of the appearance kernel.", Min = 0, Max = 1000)]
    public double AppearanceWeight { get; init; } = 10;

    public override IEnumerable<Artifact> Produces() => Splits.Select(split => new Artifact(ArtifactKind.LabelMaps, split));
}
