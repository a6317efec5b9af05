using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>Non-Salient Region Masking as the launch form knows it.</summary>
public static class NsrmMethod
{
    /// <summary>The role of the run whose predictions are masked.</summary>
    public const string Prediction = "prediction";

    /// <summary>The role of the run whose pseudo labels fill the predictions up.</summary>
    public const string Labels = "labels";

    /// <summary>The role of the run whose saliency belongs to the mask.</summary>
    public const string Saliency = "saliency";

    public static MethodDescriptor Descriptor { get; } = new(
        "nsrm",
        "NSRM labels",
        "Non-Salient Region Masking, NSROM's labels for the second segmentation network: the first one's predictions of the training images, filled "
        + "up from the pseudo labels, undecided far from objects and salient regions. Nothing is trained.",
        typeof(NsrmOptions),
        [
            new("builtin", "Built-in (CPU, seconds)", "The training images of the co-occurrence world.",
                new NsrmOptions { Splits = ["train"], Side = 10, SalientFrom = 32 }),
            new("animals", "A small folder of photographs (CPU, seconds)", "Its training images.",
                new NsrmOptions { Splits = ["train"], SnapshotImages = 4 }),
            new("paper", "Paper (VOC 2012)", "The authors' square of 30 px; all training images, scored on the 1,464 of train.", new NsrmOptions()),
        ])
    {
        Trains = false,
        Inputs =
        [
            new(Prediction, "Predictions", "The segmentation run that has predicted the training images, too (predictTraining).",
                ArtifactKind.LabelMaps),
            new(Labels, "Pseudo labels", "The labels that it was trained on.", ArtifactKind.LabelMaps),
            new(Saliency, "Saliency", "The run whose salient regions belong to the mask.", ArtifactKind.Saliency) { ReplacedBy = "saliency" },
        ],
    };
}
