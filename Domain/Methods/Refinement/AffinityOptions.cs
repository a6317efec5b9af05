using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Refinement;

/// <summary>
/// What IRN and PSA have in common: a network learns from confident parts of soft maps which pixels belong together, and a random walk spreads the
/// maps over those.
/// </summary>
public abstract record AffinityOptions : TrainingSplitsOptions
{
    [Option("Splits", "Split whose soft maps the network learns from.")]
    public string TrainSplit { get; init; } = "train_aug";

    [Option("Optimisation", "Passes over the training images.", Unit = "epochs", Min = 1, Max = 1000)]
    public int Epochs { get; init; } = 3;

    [Option("Optimisation", "Images per step; the last incomplete batch of an epoch is dropped.", Unit = "images", Min = 1, Max = 4096)]
    public int BatchSize { get; init; } = 32;

    [Option("Optimisation", "Learning rate; decays by (1 - step/steps)^0.9. As in the authors' code the other branches learn at multiples of it.",
        Min = 0, MinExclusive = true, Max = 100)]
    public double LearningRate { get; init; } = 0.1;

    [Option("Optimisation", "Weight decay, which in the authors' code is the momentum, too.", Min = 0, Max = 1, Advanced = true)]
    public double WeightDecay { get; init; } = 1e-4;

    [Option("Augmentation", "Side of the square training crop.", Unit = "px", Min = 32, Max = 2048)]
    public int CropSize { get; init; } = 512;

    [Option("Augmentation", "Probability of a horizontal flip.", Min = 0, Max = 1, Advanced = true)]
    public double FlipProbability { get; init; } = 0.5;

    [Option("Random walk", "Positions that are closer than this are compared.", Unit = "positions", Min = 2, Max = 20)]
    public int WalkRadius { get; init; } = 5;

    [Option("Random walk", "Power of the affinities.", Min = 0, MinExclusive = true, Max = 100)]
    public double Beta { get; init; } = 10;

    [Option("Random walk", "The walk takes 2 to this power steps.", Min = 0, Max = 16)]
    public int LogSteps { get; init; } = 8;

    public override IEnumerable<Artifact> Produces() =>
        [new(ArtifactKind.Network), .. Splits.Select(split => new Artifact(ArtifactKind.LabelMaps, split)),
            .. Splits.Select(split => new Artifact(ArtifactKind.SoftMaps, split))];

    public override IEnumerable<(string Option, string Split)> NamedSplits() => base.NamedSplits().Prepend(("trainSplit", TrainSplit));
}
