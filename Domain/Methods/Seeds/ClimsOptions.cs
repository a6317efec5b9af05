using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Seeds;

/// <summary>How several values become one.</summary>
public enum ClimsReduction
{
    Sum,
    Mean,
}

/// <summary>Mean and standard deviation by which pixels are normalised, for the CAM network and for CLIP alike.</summary>
public enum PixelNormalisation
{
    /// <summary>As in the authors' later code: CLIP sees other statistics than it was trained with.</summary>
    ImageNet,

    /// <summary>CLIP's own, as in the camera-ready code.</summary>
    Clip,
}

/// <summary>What lies between the backbone and the class maps.</summary>
public enum ClimsHead
{
    /// <summary>A 1x1 convolution without bias, as in the CAM baseline.</summary>
    Classifier,

    /// <summary>2048 → 512 → 2048 with leaky ReLU, then the 1x1 convolution, as in the camera-ready code.</summary>
    Bottleneck,
}

/// <summary>How raw class maps become class activation maps after training.</summary>
public enum CamActivation
{
    /// <summary>As in the authors' code, although training bounds the maps by a sigmoid.</summary>
    Relu,

    Sigmoid,
}

/// <summary>How the learning rate falls.</summary>
public enum RateSchedule
{
    /// <summary>(1 - step/steps)^0.9, as in the authors' code.</summary>
    Poly,

    /// <summary>Half a cosine, as published.</summary>
    Cosine,
}

/// <summary>Number format that the frozen CLIP computes in; float16 on CUDA only.</summary>
public enum ClipPrecision
{
    Float32,
    Bfloat16,
    Float16,
}

/// <summary>
/// Options of CLIMS (Xie et al., CVPR 2022). The defaults are those of the authors' later code (CVI-SZU/CLIMS); where their camera-ready code or the
/// paper differs, an option says so.
/// </summary>
public sealed record ClimsOptions : CamNetOptions
{
    public ClimsOptions()
    {
        Epochs = 15;
        LearningRate = 2.5e-4;
        BatchNorm = BatchNormMode.Ordinary;
        DetachLayer2 = false;
    }

    [Option("Losses", "Weight α of OTM, which matches the object's crop with the class.", Min = 0, Max = 1000)]
    public double OtmWeight { get; init; } = 10;

    [Option("Losses", "Weight β of BTM, which keeps the class out of the surroundings' crop. Published: 25.", Min = 0, Max = 1000)]
    public double BtmWeight { get; init; } = 24;

    [Option("Losses", "Weight γ of CBS, which keeps co-occurring backgrounds out of the object's crop. Published: 29.5.", Min = 0, Max = 1000)]
    public double CbsWeight { get; init; } = 1;

    [Option("Losses", "Weight δ of REG, the area of the maps. Published: 1.15.", Min = 0, Max = 1000)]
    public double RegWeight { get; init; } = 0.2;

    [Option(
        "Losses",
        "Bounds the cosines of OTM and BTM to 0.0001 .. 0.9999. Without it, as in the camera-ready code, a cosine of 0 or less makes the loss "
        + "infinite.", Advanced = true)]
    public bool ClampCosines { get; init; } = true;

    [Option("Losses", "How the backgrounds of a class are combined in CBS. Camera-ready: mean.", Advanced = true)]
    public ClimsReduction CbsOverBackgrounds { get; init; } = ClimsReduction.Sum;

    [Option("Losses", "How the batch's (image, class) pairs are combined in CBS. A sum grows with the number of tags.", Advanced = true)]
    public ClimsReduction CbsOverPairs { get; init; } = ClimsReduction.Sum;

    [Option("Losses", "REG measures the maps of present classes only; otherwise those of absent classes too, as in the authors' code.",
        Advanced = true)]
    public bool RegOfPresentClasses { get; init; }

    [Option("Losses", "Classes whose OTM and BTM count more. Camera-ready: sofa, diningtable, chair.", Advanced = true)]
    public IReadOnlyList<string> WeightedClasses { get; init; } = [];

    [Option("Losses", "How many times the weighted classes count. Camera-ready: 3.", Min = 0, Max = 1000, Advanced = true)]
    public double ClassWeight { get; init; } = 1;

    [Option("Prompts", "Sentence of a prompt; {} stands for the word. The camera-ready code has no full stop.")]
    public string PromptTemplate { get; init; } = "a photo of {}.";

    [Option("Prompts",
        "Words for classes whose name is not the best prompt; several words of a class are averaged. Camera-ready: the names as they are.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassWords { get; init; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["diningtable"] = ["dining table"],
        ["person"] = ["player"],
        ["pottedplant"] = ["potted plant"],
        ["tvmonitor"] = ["tv monitor"],
    };

    [Option("Prompts", "Co-occurring backgrounds of all classes.")]
    public IReadOnlyList<string> Backgrounds { get; init; } =
        ["tree", "river", "sea", "lake", "water", "railway", "railroad", "track", "stone", "rocks"];

    [Option("Prompts", "Co-occurring backgrounds of individual classes, as published. Camera-ready: boat and train only.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassBackgrounds { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    [Option(
        "Prompts",
        "θ: CBS counts only backgrounds whose cosine with the object's crop is above this. It depends on the CLIP model and the data set. -1 "
        + "counts all, as published and in the camera-ready code.", Min = -1, Max = 1)]
    public double CbsThreshold { get; init; } = 0.26;

    [Option("CLIP", "The frozen CLIP that judges the crops: a name on the Models page, or the path of a checkpoint.", IsModel = true,
        MustBeClip = true)]
    public string Clip { get; init; } = "";

    [Option("CLIP", "Side of the crops that CLIP sees; 0 is the size it was trained with.", Unit = "px", Min = 0, Max = 1024, Advanced = true)]
    public int ClipResolution { get; init; }

    [Option("CLIP", "Statistics by which the pixels are normalised, for the network and for CLIP alike. Camera-ready: clip.", Advanced = true)]
    public PixelNormalisation Normalisation { get; init; } = PixelNormalisation.ImageNet;

    [Option("CLIP", "Number format that CLIP computes in; where precision is bfloat16, that one. float16 needs a GPU.", Advanced = true)]
    public ClipPrecision ClipPrecision { get; init; } = ClipPrecision.Float32;

    [Option("CLIP", "(image, class) pairs whose crops go through CLIP at once. Bounds memory; changes nothing but rounding.", Unit = "pairs", Min = 1,
        Max = 4096, Advanced = true)]
    public int PairsAtOnce { get; init; } = 64;

    [Option("Network", "The CAM network to start from, where no baseline run is chosen: a checkpoint of a CAM run or of the authors' code.",
        IsPath = true, IsCheckpoint = true)]
    public string Checkpoint { get; init; } = "";

    [Option(
        "Network",
        "Every tensor of the network must be in the checkpoint, including the classifier: the published result needs it. Camera-ready: not required.",
        Advanced = true)]
    public bool StrictCheckpoint { get; init; } = true;

    [Option("Network", "What lies between the backbone and the maps. Camera-ready: bottleneck.", Advanced = true)]
    public ClimsHead Head { get; init; } = ClimsHead.Classifier;

    [Option("Network", "BatchNorm's weight and bias learn. Camera-ready: they do not.", Advanced = true)]
    public bool LearnBatchNorm { get; init; } = true;

    [Option("Optimisation", "How the learning rate falls. The paper says cosine; both versions of the authors' code use poly.", Advanced = true)]
    public RateSchedule Schedule { get; init; } = RateSchedule.Poly;

    [Option("CAM inference", "How the network's output becomes maps after training.", Advanced = true)]
    public CamActivation Activation { get; init; } = CamActivation.Relu;

    public override IEnumerable<OptionFailure> Validate()
    {
        foreach (var failure in base.Validate())
            yield return failure;
        if (!PromptTemplate.Contains("{}", StringComparison.Ordinal))
            yield return new("promptTemplate", $"promptTemplate: '{PromptTemplate}' has no {{}}. Put {{}} where the word belongs.");
        if (Clip.Length == 0)
            yield return new("clip", "clip: choose a CLIP on the Models page, or give the path of one.");
    }
}
