using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Domain.Methods.Import;

/// <summary>What an import takes.</summary>
public enum ImportedThing
{
    LabelMaps,
    SoftMaps,
    Network,
}

/// <summary>What label maps from elsewhere are.</summary>
public enum LabelMapStage
{
    PseudoLabel,
    SegmentationNetwork,
    ZeroShot,
}

/// <summary>Which mean of the labels' IoU an mIoU is.</summary>
public enum MeanIouKind
{
    /// <summary>Over the labels in truth or prediction.</summary>
    Chainercv,

    /// <summary>Over the labels in the truth.</summary>
    DeepLab,
}

/// <summary>Options of the import of what something else has made: the authors' code, another laboratory, a labelling tool.</summary>
public sealed record ImportOptions : MethodOptions
{
    [Option("Files", "labelMaps: pseudo labels or predictions. softMaps: class activation maps. network: trained weights.")]
    public ImportedThing What { get; init; } = ImportedThing.LabelMaps;

    [Option(
        "Files",
        "labelMaps and softMaps: folder with one file for each image of the split, named after it. Label maps are PNG files: a palette index or a "
        + "gray level is a label, 0 the background, k the k-th class, 255 undecided. Soft maps are the .npy dictionaries of IRN, CLIMS and PSA, or "
        + ".cam files.", IsPath = true)]
    public string Folder { get; init; } = "";

    [Option(
        "Files", "network: the checkpoint, such as res50_cam.pth, res50_clims.pth, res50_irn.pth, res38_aff.pth, or DeepLab's checkpoint_final.pth.",
        IsPath = true, IsCheckpoint = true)]
    public string Checkpoint { get; init; } = "";

    [Option("Maps", "Split of the data set that the maps belong to, or that a CAM network's maps are made of.")]
    public string EvaluationSplit { get; init; } = "train";

    [Option("Maps", "What the label maps are. The leaderboard ranks them against others of this kind only. Soft maps are seeds.")]
    public LabelMapStage Stage { get; init; } = LabelMapStage.PseudoLabel;

    [Option("Maps", "The images' tags were known when the maps were made, as they are for seeds and pseudo labels.")]
    public bool TagsGiven { get; init; } = true;

    [Option("Maps", "A CRF has sharpened them.")]
    public bool Crf { get; init; }

    [Option(
        "Evaluation",
        "labelMaps: which mean the mIoU is. chainercv: over the labels in truth or prediction, as IRN and CLIMS. deepLab: over the labels in the "
        + "truth alone, as deeplab-pytorch prints it. The two are never ranked together.", Advanced = true)]
    public MeanIouKind Mean { get; init; } = MeanIouKind.Chainercv;

    [Option("Evaluation", "softMaps: background threshold of the fixed-threshold row, on maps normalised to 0..1. IRN evaluates at 0.15.", Min = 0,
        Max = 1, Advanced = true)]
    public double Threshold { get; init; } = 0.15;

    [Option("Evaluation", "softMaps: step of the threshold sweep.", Min = 0.005, Max = 0.5, Advanced = true)]
    public double ThresholdStep { get; init; } = 0.05;

    [Option("Network", "A CAM network: pixels of the image per position of the class activation map.", Unit = "px", Min = 8, Max = 16,
        Advanced = true)]
    public int OutputStride { get; init; } = 16;

    [Option("Network", "A CAM network: scales of the image, relative to the original, whose maps are added up.", Min = 0.1, Max = 8, Advanced = true)]
    public IReadOnlyList<double> Scales { get; init; } = [1.0, 0.5, 1.5, 2.0];

    [Option("Run", "Images whose maps the run's page shows.", Unit = "images", Min = 0, Max = 64, Advanced = true)]
    public int SnapshotImages { get; init; } = 8;

    /// <summary>How maps are made with a CAM network that was imported.</summary>
    public CamOptions CamNetwork => new()
    {
        Network = Seeds.CamNetwork.Auto,
        OutputStride = OutputStride,
        Scales = Scales,
        EvaluationSplit = EvaluationSplit,
        Threshold = Threshold,
        ThresholdStep = ThresholdStep,
        SnapshotImages = SnapshotImages,
    };

    public override IEnumerable<Artifact> Produces() => What switch
    {
        ImportedThing.SoftMaps => [new(ArtifactKind.SoftMaps, EvaluationSplit)],
        ImportedThing.Network => [new(ArtifactKind.Network)],
        _ => [new(ArtifactKind.LabelMaps, EvaluationSplit)],
    };

    public override IEnumerable<(string Option, string Split)> NamedSplits() =>
        What == ImportedThing.Network ? [] : [("evaluationSplit", EvaluationSplit)];

    public override IEnumerable<OptionFailure> Validate()
    {
        if (What == ImportedThing.Network && Checkpoint.Length == 0)
            yield return new("checkpoint", "checkpoint: give the file of the trained network.");
        if (What != ImportedThing.Network && Folder.Length == 0)
            yield return new("folder", $"folder: give the folder that holds the {(What == ImportedThing.SoftMaps ? "soft" : "label")} maps.");
        if (OutputStride is not (8 or 16))
            yield return new("outputStride", $"outputStride: '{OutputStride}' is not 8 or 16.");
    }
}
