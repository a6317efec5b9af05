using Dashboard.Domain.Segmentation;

namespace Dashboard.Domain.Runs;

/// <summary>What an mIoU was measured on. Two numbers may be ranked against each other only if their <see cref="Key"/> is the same.</summary>
public sealed record Protocol
{
    /// <summary>The artefact that was scored: one of <see cref="Stages"/>.</summary>
    public required string Stage { get; init; }

    /// <summary>The data set's name, for example "VOC 2012" or "Co-occurrence world".</summary>
    public required string Dataset { get; init; }

    /// <summary>
    /// What tells a generated data set from others of its name: "seed 5, 64 px"; empty for the standard one. Null for data sets that are not
    /// generated, and in events that were written before these were told apart.
    /// </summary>
    public string? Variant { get; init; }

    /// <summary>
    /// What tells the images, tags and masks of the split from others of its name: two folders called "pets" are not compared. Null for those that
    /// everybody has (PASCAL VOC, COCO, generated worlds), and in events that were written before these were told apart.
    /// </summary>
    public string? Fingerprint { get; init; }

    public required string Split { get; init; }

    /// <summary>Background threshold on maps normalised to 0..1; null where the stage has none.</summary>
    public double? Threshold { get; init; }

    /// <summary>
    /// Where the threshold was chosen: "fixed", "best on this split", "none" where the stage has none, "not stated" for published numbers.
    /// </summary>
    public required string ThresholdSource { get; init; }

    public bool Crf { get; init; }

    /// <summary>Test-time scales, relative to the original image.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [1.0];

    public bool Flip { get; init; }

    /// <summary>Which image tags were known at test time: "image tags given" or "none".</summary>
    public required string Tags { get; init; }

    /// <summary>
    /// What it has been learned from, be it by earlier runs, where that is more than image tags: <see cref="TruthMasks"/>,
    /// <see cref="TagsAndSaliency"/> or <see cref="TagsAndComputedSaliency"/>. Null otherwise.
    /// </summary>
    public string? Supervision { get; init; }

    /// <summary>
    /// Over which labels the mean IoU is taken: <see cref="TrueLabels"/>, or <see cref="OccurringLabels"/>, which null stands for in events of stages
    /// that do not say.
    /// </summary>
    public string? MeanOver { get; init; }

    /// <summary>Number of scored images.</summary>
    public required int Images { get; init; }

    /// <summary>The data set's name with what tells it from others of that name: "Co-occurrence world (seed 5)".</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string DatasetTitle => string.IsNullOrEmpty(Variant) ? Dataset : $"{Dataset} ({Variant})";

    /// <summary>
    /// Equal for numbers that may be compared. A swept threshold is part of the result, a fixed one part of the protocol.
    /// Scales and flip belong to the method's own test-time recipe and are shown, not compared.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => string.Join(
        " · ",
        new[]
        {
            Stage, DatasetTitle, Fingerprint is null ? null : $"data {Fingerprint}", Split, ThresholdText, Crf ? "CRF" : "no CRF",
            Tags == TagsUnknown ? "no image tags" : Tags, Supervision, MeanOver == TrueLabels ? $"mean over {TrueLabels}" : null, $"{Images} images",
        }.OfType<string>());

    private string ThresholdText => ThresholdSource switch
    {
        FixedThreshold => $"threshold {Threshold:0.##}",
        NoThreshold => "no threshold",
        var source => $"threshold {source}",
    };

    /// <summary>Fully supervised: the data set's own masks.</summary>
    public const string TruthMasks = "trained on ground-truth masks";

    /// <summary>Saliency from elsewhere, which usually comes from a network that was trained on masks of other images.</summary>
    public const string TagsAndSaliency = "image tags + saliency";

    /// <summary>Saliency that is computed from the images alone.</summary>
    public const string TagsAndComputedSaliency = "image tags + saliency without training";

    /// <summary>chainercv's mean IoU. DeepLab's, over labels of the truth alone, is the same where every predicted label occurs there.</summary>
    public const string OccurringLabels = "labels in truth or prediction (chainercv)";

    /// <summary>DeepLab's mean IoU, as deeplab-pytorch prints it: a label that was only predicted costs nothing.</summary>
    public const string TrueLabels = "labels in the truth (DeepLab)";

    /// <summary>The mIoU of a confusion under this protocol, 0..1.</summary>
    public double MeanOf(ConfusionMatrix confusion) => MeanOver == TrueLabels ? DeepLabScores.Of(confusion).MeanIou : confusion.MeanIou;

    public const string FixedThreshold = "fixed";
    public const string SweptThreshold = "best on this split";
    public const string NoThreshold = "none";
    public const string UnknownThreshold = "not stated";
    public const string TagsGiven = "image tags given";
    public const string TagsUnknown = "none";

    /// <summary>The stages of the pipeline that are scored.</summary>
    public static class Stages
    {
        public const string SeedCam = "seed CAM";
        public const string PseudoLabel = "refined pseudo label";
        public const string SegmentationNetwork = "segmentation network";
        public const string ZeroShot = "zero-shot";
    }
}
