using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Seeds;

/// <summary>The backbone of a CAM network.</summary>
public enum CamNetwork
{
    /// <summary>ResNet-50 with the stride in the 3x3 convolution (torchvision's "v1.5").</summary>
    ResNet50,

    /// <summary>The same topology with few channels and blocks, for the built-in data set.</summary>
    ResNetSmall,

    ResNet18,
    ResNet34,
    ResNet101,

    /// <summary>Blocks and channels of the weights that the network starts from.</summary>
    Auto,
}

/// <summary>How BatchNorm behaves while training.</summary>
public enum BatchNormMode
{
    /// <summary>Stored running statistics in training too; affine parameters learn (IRN's FixedBatchNorm).</summary>
    Fixed,

    /// <summary>Batch statistics in training, running statistics updated.</summary>
    Ordinary,
}

/// <summary>The optimiser of CAM training.</summary>
public enum CamOptimizer
{
    /// <summary>
    /// IRN's PolyOptimizer as in the authors' code: SGD whose momentum is the weight decay's value, because it is passed in momentum's place.
    /// </summary>
    PolyAsInCode,

    /// <summary>IRN's PolyOptimizer as published: SGD with momentum 0.9.</summary>
    PolyAsPublished,

    /// <summary>AdamW with the same poly schedule, for networks trained from scratch.</summary>
    AdamW,
}

/// <summary>What CAM and every method that trains a CAM network have in common. The defaults are IRN's (CVPR 2019, code jiwoon-ahn/irn).</summary>
public abstract record CamNetOptions : TrainingOptions
{
    [Option("Network", "Backbone of the classification network. auto: the blocks are read from the weights that it starts from.")]
    public CamNetwork Network { get; init; } = CamNetwork.ResNet50;

    [Option("Network", "Pixels of the image per position of the class activation map; 8 trades stride for dilation in the last two stages.",
        Unit = "px", Min = 8, Max = 16)]
    public int OutputStride { get; init; } = 16;

    [Option("Network", "Fixed: stored statistics in training too, as in IRN. Ordinary: batch statistics, for training from scratch.",
        Advanced = true)]
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Fixed;

    [Option("Network", "Stem, layer1 and layer2 do not learn: IRN detaches the output of layer2.", Advanced = true)]
    public bool DetachLayer2 { get; init; } = true;

    [Option("Optimisation", "Passes over the training images.", Unit = "epochs", Min = 1, Max = 1000)]
    public int Epochs { get; init; } = 5;

    [Option("Optimisation", "Images per step; the last incomplete batch of an epoch is dropped.", Unit = "images", Min = 1, Max = 4096)]
    public int BatchSize { get; init; } = 16;

    [Option("Optimisation", "polyAsInCode reproduces the published numbers; polyAsPublished has momentum 0.9; adamW suits training from scratch.")]
    public CamOptimizer Optimizer { get; init; } = CamOptimizer.PolyAsInCode;

    [Option("Optimisation", "Learning rate of the backbone; decays by (1 - step/steps)^0.9.", Min = 0, MinExclusive = true, Max = 100)]
    public double LearningRate { get; init; } = 0.1;

    [Option("Optimisation", "The classifier's learning rate is this many times the backbone's.", Min = 0, MinExclusive = true, Max = 1000,
        Advanced = true)]
    public double ClassifierRateFactor { get; init; } = 10;

    [Option("Optimisation", "Weight decay of all parameters.", Min = 0, Max = 1, Advanced = true)]
    public double WeightDecay { get; init; } = 1e-4;

    [Option("Augmentation", "Side of the square training crop.", Unit = "px", Min = 32, Max = 2048)]
    public int CropSize { get; init; } = 512;

    [Option("Augmentation", "Smallest length that the long side is resized to, at random.", Unit = "px", Min = 16, Max = 4096)]
    public int ResizeLongMin { get; init; } = 320;

    [Option("Augmentation", "Largest length that the long side is resized to, at random.", Unit = "px", Min = 16, Max = 4096)]
    public int ResizeLongMax { get; init; } = 640;

    [Option("Augmentation", "Probability of a horizontal flip.", Min = 0, Max = 1, Advanced = true)]
    public double FlipProbability { get; init; } = 0.5;

    [Option("Augmentation", ReducedDecodingHelp, Advanced = true, IsNewerThanKeys = true)]
    public bool ReducedDecoding { get; init; }

    [Option("CAM inference", "Scales of the image, relative to the original, whose maps are added up.", Min = 0.1, Max = 8)]
    public IReadOnlyList<double> Scales { get; init; } = [1.0, 0.5, 1.5, 2.0];

    [Option("CAM inference", "Adds the maps of the mirrored image.", Advanced = true)]
    public bool Flip { get; init; } = true;

    [Option("Evaluation", "Split that is trained on.")]
    public string TrainSplit { get; init; } = "train_aug";

    [Option("Evaluation", "Split whose CAMs are made and scored.")]
    public string EvaluationSplit { get; init; } = "train";

    [Option("Evaluation", "Background threshold of the fixed-threshold row, on maps normalised to 0..1.", Min = 0, Max = 1)]
    public double Threshold { get; init; } = 0.15;

    [Option("Evaluation", "Step of the threshold sweep.", Min = 0.005, Max = 0.5, Advanced = true)]
    public double ThresholdStep { get; init; } = 0.05;

    [Option("Run", "Images whose CAMs are shown after each epoch.", Unit = "images", Min = 0, Max = 64, Advanced = true)]
    public int SnapshotImages { get; init; } = 8;

    public override IEnumerable<Artifact> Produces() => [new(ArtifactKind.Network), new(ArtifactKind.SoftMaps, EvaluationSplit)];

    public override IEnumerable<(string Option, string Split)> NamedSplits() => [("trainSplit", TrainSplit), ("evaluationSplit", EvaluationSplit)];

    public override IEnumerable<OptionFailure> Validate()
    {
        if (OutputStride is not (8 or 16))
            yield return new("outputStride", $"outputStride: '{OutputStride}' is not 8 or 16.");
        if (ResizeLongMin > ResizeLongMax)
            yield return new("resizeLongMin", $"resizeLongMin: {ResizeLongMin} is above resizeLongMax, which is {ResizeLongMax}.");
    }
}
