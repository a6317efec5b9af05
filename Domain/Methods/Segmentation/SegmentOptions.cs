using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Methods.Segmentation;

/// <summary>What stands on the backbone.</summary>
public enum SegmentArchitecture
{
    /// <summary>Chen et al., TPAMI 2018: dilated convolutions and ASPP, output stride 8, several scales of the image.</summary>
    DeeplabV2,

    /// <summary>Chen et al., ECCV 2018: ASPP with image pooling, and a decoder that sharpens borders; one scale.</summary>
    DeeplabV3Plus,
}

/// <summary>The backbone of a segmentation network.</summary>
public enum SegmentBackbone
{
    /// <summary>ResNet-101 as the authors of DeepLabV2 have it, from Caffe: the stride in a block's first convolution, BGR less the mean.</summary>
    DeeplabResNet101,

    /// <summary>The same with a block a layer and few channels, for the built-in data set.</summary>
    DeeplabSmall,

    ResNet18,
    ResNet34,
    ResNet50,
    ResNet101,

    /// <summary>Kind, blocks and channels as the weights have them that the network starts from.</summary>
    Auto,
}

/// <summary>The loss of a pixel-labelled batch.</summary>
public enum SegmentLoss
{
    /// <summary>The mean over all labelled pixels.</summary>
    CrossEntropy,

    /// <summary>The mean over background pixels and the mean over all others count the same.</summary>
    BalancedCrossEntropy,
}

/// <summary>The optimiser of a segmentation network.</summary>
public enum SegmentOptimizer
{
    Sgd,

    /// <summary>For networks trained from scratch.</summary>
    AdamW,
}

/// <summary>
/// Options of the segmentation network. The defaults are those that CLIMS trains DeepLabV2 with from ImageNet's weights (kazuto1011/deeplab-pytorch,
/// main.py, and CLIMS's main_v2.py).
/// </summary>
public sealed record SegmentOptions : TrainingOptions
{
    /// <summary>The value of <see cref="Labels"/> that stands for the data set's masks.</summary>
    public const string Truth = "truth";

    [Option("Labels", "Empty: the label maps of the input run. truth: the data set's own masks, which makes the fully supervised upper bound.")]
    public string Labels { get; init; } = "";

    [Option("Network", "deeplabV2: as CLIMS, IRN and NSROM compare. deeplabV3Plus: the stronger second choice, from torchvision's weights.")]
    public SegmentArchitecture Architecture { get; init; } = SegmentArchitecture.DeeplabV2;

    [Option(
        "Network",
        "Backbone. deeplabResNet101 is the authors' own, from Caffe; resNet18 to resNet101 are torchvision's. auto: that of the weights that it "
        + "starts from.")]
    public SegmentBackbone Network { get; init; } = SegmentBackbone.DeeplabResNet101;

    [Option(
        "Network",
        "Weights to start from: DeepLab's own (deeplabv1_resnet101-imagenet.pth, -coco.pth, a trained DeepLabV2), torchvision's ResNets, or a "
        + "checkpoint of this method. Empty: initialised at random.", IsPath = true, IsCheckpoint = true)]
    public string Checkpoint { get; init; } = "";

    [Option("Network", "Scales at which DeepLabV2 sees the image, in training and afterwards; the largest logits of all count. 1: its own alone.",
        Min = 0.1, Max = 4, Advanced = true)]
    public IReadOnlyList<double> PyramidScales { get; init; } = [1.0, 0.5, 0.75];

    [Option("Network", "Dilations of DeepLabV2's ASPP. For maps of a few positions smaller ones.", Min = 1, Max = 64, Advanced = true)]
    public IReadOnlyList<int> AtrousRates { get; init; } = [6, 12, 18, 24];

    [Option("Network", "Fixed: the backbone's stored statistics, nothing of BatchNorm learns, as DeepLab. Ordinary: for training from scratch.",
        Advanced = true)]
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Fixed;

    [Option("Optimisation", "balancedCrossEntropy learns from noisy labels without COCO's weights, as CLIMS; crossEntropy is DeepLab's own.")]
    public SegmentLoss Loss { get; init; } = SegmentLoss.BalancedCrossEntropy;

    [Option("Optimisation", "Steps of the optimiser.", Unit = "steps", Min = 1, Max = 10_000_000)]
    public int Iterations { get; init; } = 30_000;

    [Option("Optimisation", "Images that go through the network at once.", Unit = "images", Min = 1, Max = 1024)]
    public int BatchSize { get; init; } = 10;

    [Option("Optimisation", "Batches whose gradients are averaged for a step.", Unit = "batches", Min = 1, Max = 64)]
    public int Accumulation { get; init; } = 2;

    [Option("Optimisation", "sgd as DeepLab, with momentum 0.9; adamW suits training from scratch.")]
    public SegmentOptimizer Optimizer { get; init; } = SegmentOptimizer.Sgd;

    [Option(
        "Optimisation", "Learning rate of the backbone; the head's weights learn at ten, its biases at twenty times. Decays by (1 - step/steps)^0.9.",
        Min = 0, MinExclusive = true, Max = 10)]
    public double LearningRate { get; init; } = 2.5e-4;

    [Option("Optimisation", "Steps between two changes of the learning rate: 10 in the authors' code.", Unit = "steps", Min = 1, Max = 1_000_000,
        Advanced = true)]
    public int DecayEvery { get; init; } = 10;

    [Option("Optimisation", "Weight decay of all that learns but the head's biases.", Min = 0, Max = 1, Advanced = true)]
    public double WeightDecay { get; init; } = 5e-4;

    [Option("Augmentation", "Side of the square training crop.", Unit = "px", Min = 33, Max = 2048)]
    public int CropSize { get; init; } = 321;

    [Option("Augmentation", "One of these scales is drawn for an image: to 1.5 from COCO's weights, to 2 from ImageNet's.", Min = 0.1, Max = 8)]
    public IReadOnlyList<double> CropScales { get; init; } = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0];

    [Option("Augmentation", "Probability of a horizontal flip.", Min = 0, Max = 1, Advanced = true)]
    public double FlipProbability { get; init; } = 0.5;

    [Option("Prediction", "Scales of the image whose probabilities are averaged; the authors take its own alone.", Min = 0.1, Max = 8)]
    public IReadOnlyList<double> Scales { get; init; } = [1.0];

    [Option("Prediction", "Averages with the mirrored image's probabilities; the authors do not.")]
    public bool Flip { get; init; }

    [Option("Prediction", "A dense CRF sharpens the predictions.")]
    public bool Crf { get; init; }

    [Option(
        "Prediction",
        "The CRF sees what the authors' code shows it: the image less the mean, dark values wrapped around. Only for comparison with published "
        + "numbers.", Advanced = true)]
    public bool LegacyCrfGuide { get; init; }

    [Option("Evaluation", "Split that is trained on.")]
    public string TrainSplit { get; init; } = "train_aug";

    [Option("Evaluation", "Split that is predicted, without tags, and scored.")]
    public string EvaluationSplit { get; init; } = "val";

    [Option("Evaluation", "Predicts and scores the training split, too: what Non-Salient Region Masking starts from.")]
    public bool PredictTraining { get; init; }

    [Option("Run", "Images whose predictions are shown after each epoch.", Unit = "images", Min = 0, Max = 64, Advanced = true)]
    public int SnapshotImages { get; init; } = 8;

    public bool FromTruth => Labels == Truth;

    /// <summary>The main one first.</summary>
    public IReadOnlyList<string> PredictedSplits =>
        PredictTraining && TrainSplit != EvaluationSplit ? [EvaluationSplit, TrainSplit] : [EvaluationSplit];

    public override string? Supervision => FromTruth ? Protocol.TruthMasks : null;

    public override IEnumerable<Artifact> Produces() =>
        [new(ArtifactKind.Network), .. PredictedSplits.Select(split => new Artifact(ArtifactKind.LabelMaps, split))];

    public override IEnumerable<(string Option, string Split)> NamedSplits() => [("trainSplit", TrainSplit), ("evaluationSplit", EvaluationSplit)];

    public override IEnumerable<OptionFailure> Validate()
    {
        if (Labels is not ("" or Truth))
            yield return new(
                "labels", $"labels: '{Labels}' is neither empty, for the label maps of the input run, nor {Truth}, for the data set's masks.");
        if (Network == SegmentBackbone.Auto && Checkpoint.Length == 0)
            yield return new("checkpoint",
                "checkpoint: network auto takes its blocks from weights. Give a checkpoint of a ResNet or a DeepLab, or choose a network.");
        if (Architecture == SegmentArchitecture.DeeplabV3Plus && Network is SegmentBackbone.DeeplabResNet101 or SegmentBackbone.DeeplabSmall)
            yield return new(
                "network", "network: DeepLabV3+ stands on torchvision's ResNets. Choose resNet18, resNet34, resNet50, resNet101 or auto.");
        if (PyramidScales.Count == 0 || PyramidScales[0] != 1)
            yield return new("pyramidScales", "pyramidScales: the first one must be 1, the image's own; DeepLabV2's are 1, 0.5, 0.75.");
        if (LegacyCrfGuide && !Crf)
            yield return new("legacyCrfGuide", "legacyCrfGuide: there is no CRF that could see it. Choose crf, too.");
    }
}
