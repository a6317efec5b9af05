using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>The features under NSROM's graph unit, all with output stride 8.</summary>
public enum NsromNetwork
{
    /// <summary>The authors'.</summary>
    Vgg16,

    /// <summary>A ResNet with few channels and blocks, for the built-in data set.</summary>
    ResNetSmall,

    ResNet18,
    ResNet34,
    ResNet50,
    ResNet101,

    /// <summary>Those of the weights that the network starts from.</summary>
    Auto,
}

/// <summary>How the graph unit mixes its nodes.</summary>
public enum GraphReasoning
{
    /// <summary>ReLU((I + A) V + b) W, as in the authors' code.</summary>
    AsInCode,

    /// <summary>(I - A) V W, as published (NSROM, equation 2).</summary>
    AsPublished,
}

/// <summary>The optimiser of NSROM's networks.</summary>
public enum NsromOptimizerKind
{
    /// <summary>SGD with Nesterov's momentum 0.9, as in the authors' code.</summary>
    Sgd,

    /// <summary>For networks trained from scratch.</summary>
    AdamW,
}

/// <summary>What NSROM's classifier and its integral attention model have in common. The defaults are the authors' code's (CVPR 2021).</summary>
public abstract record NsromNetOptions : TrainingSplitsOptions
{
    [Option("Splits", "Split that is trained on.")]
    public string TrainSplit { get; init; } = "train_aug";

    [Option("Network", "Features under the graph unit. auto: those of the weights that the network starts from.")]
    public NsromNetwork Network { get; init; } = NsromNetwork.Vgg16;

    [Option("Network", "Nodes of the graph.", Unit = "nodes", Min = 1, Max = 1024, Advanced = true)]
    public int Nodes { get; init; } = 64;

    [Option("Network", "How the graph mixes its nodes: asInCode reproduces the authors' program, asPublished is the paper's equation.",
        Advanced = true)]
    public GraphReasoning Reasoning { get; init; } = GraphReasoning.AsInCode;

    [Option("Network", "Of a ResNet's features. Fixed: stored statistics in training too. Ordinary: batch statistics, for training from scratch.",
        Advanced = true)]
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Fixed;

    [Option("Optimisation", "Passes over the training images.", Unit = "epochs", Min = 1, Max = 1000)]
    public int Epochs { get; init; } = 15;

    [Option("Optimisation", "Images per step; the last batch of an epoch may have fewer.", Unit = "images", Min = 1, Max = 4096)]
    public int BatchSize { get; init; } = 5;

    [Option("Optimisation", "sgd as in the authors' code; adamW suits training from scratch.")]
    public NsromOptimizerKind Optimizer { get; init; } = NsromOptimizerKind.Sgd;

    [Option("Optimisation", "Learning rate of the features' weights; biases learn at twice that.", Min = 0, MinExclusive = true, Max = 100)]
    public double LearningRate { get; init; } = 1e-3;

    [Option("Optimisation", "What stands on the features learns at this many times their rate.", Min = 0, MinExclusive = true, Max = 1000,
        Advanced = true)]
    public double HeadRateFactor { get; init; } = 10;

    [Option("Optimisation", "After each of these epochs the learning rate is divided by ten.", Unit = "epochs", Min = 1, Max = 1000,
        Advanced = true)]
    public IReadOnlyList<int> DecayAfter { get; init; } = [5, 10];

    [Option("Optimisation", "Weight decay of all parameters.", Min = 0, Max = 1, Advanced = true)]
    public double WeightDecay { get; init; } = 5e-4;

    [Option("Augmentation", "Side of the square that each image is squashed to, in training and afterwards. Neither cropped nor mirrored: the maps "
        + "of an image are laid upon each other.", Unit = "px", Min = 32, Max = 2048)]
    public int ImageSize { get; init; } = 256;

    [Option("Augmentation", "Brightness, contrast and saturation change by this share at most, the hue by a third of it.", Min = 0, Max = 0.9,
        Advanced = true)]
    public double ColourJitter { get; init; } = 0.3;

    [Option("Evaluation", "Background threshold of the fixed-threshold row, on maps from 0 to 1.", Min = 0, Max = 1)]
    public double Threshold { get; init; } = 0.3;

    [Option("Evaluation", "Step of the threshold sweep.", Min = 0.005, Max = 0.5, Advanced = true)]
    public double ThresholdStep { get; init; } = 0.05;

    public override IEnumerable<Artifact> Produces() =>
        [new(ArtifactKind.Network), .. Splits.Select(split => new Artifact(ArtifactKind.SoftMaps, split))];

    public override IEnumerable<(string Option, string Split)> NamedSplits() => base.NamedSplits().Prepend(("trainSplit", TrainSplit));
}
