using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.TextImage;

/// <summary>How a map over patches becomes a map over pixels.</summary>
public enum MapUpsampling
{
    /// <summary>As in the authors' code: each pixel takes the value of its patch.</summary>
    Nearest,

    /// <summary>Corners not aligned.</summary>
    Bilinear,
}

/// <summary>The sentences in which a class is named.</summary>
public enum TemplateSet
{
    /// <summary>The 80 of openai/CLIP for ImageNet, as SimSeg evaluates.</summary>
    ImageNet,

    /// <summary>"a photo of a {}." alone.</summary>
    Photo,

    /// <summary>Those that are given.</summary>
    Own,
}

/// <summary>
/// Options of zero-shot masks. The defaults are those of the authors' code for VOC (SimSeg: Yi et al., CVPR 2023; muyangyi/SimSeg,
/// tools/seg_evaluation.py).
/// </summary>
public sealed record ZeroShotOptions : NetworkOptions
{
    [Option("Model", "The text-supervised model: a name on the Models page, or the path of a checkpoint. Empty: that of the run it starts from.",
        IsModel = true)]
    public string Model { get; init; } = "";

    [Option("Model", "Side of the square that an image is squeezed into; 0 is the model's own. SimSeg's is 288.", Unit = "px", Min = 0, Max = 4096,
        Advanced = true)]
    public int Resolution { get; init; }

    [Option("Prompts", "Sentences that name a class; their features are averaged. imageNet: the 80 that SimSeg evaluates with.")]
    public TemplateSet Templates { get; init; } = TemplateSet.ImageNet;

    [Option("Prompts", "The sentences when templates is own; {} stands for the class.")]
    public IReadOnlyList<string> OwnTemplates { get; init; } = [];

    [Option("Prompts", "Words for classes whose name is not the best; several words of a class are averaged.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassWords { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    [Option("Prompts",
        "The name with which the background competes as a class; it may take a candidate's place but never makes a mask. Empty: it does not "
        + "compete.")]
    public string Background { get; init; } = "background";

    [Option(
        "Classes",
        "Number of best-scored classes from which mean and standard deviation are computed: 10 for VOC, 30 for Pascal Context. 0 is the better "
        + "half, as published.", Min = 0, Max = 254)]
    public int TopClasses { get; init; } = 10;

    [Option("Classes", "A class counts as present when its score reaches mean + factor · standard deviation.", Min = -10, Max = 10)]
    public double ThresholdFactor { get; init; } = 1;

    [Option("Classes", "The most classes that are considered, best-scored first; background included.", Min = 1, Max = 254)]
    public int Candidates { get; init; } = 5;

    [Option("Classes", "The best-scored class counts even below the threshold; in the authors' code it does not.", Advanced = true)]
    public bool BestAlways { get; init; }

    [Option("Masks", "How a map over patches becomes a map over pixels.", Advanced = true)]
    public MapUpsampling Upsampling { get; init; } = MapUpsampling.Nearest;

    [Option("Masks", "A dense CRF of each class against the rest; without it a pixel belongs to the class where the class's map is above 0.5.")]
    public bool Crf { get; init; } = true;

    [Option(
        "Masks",
        "Side of the box that closes a mask's gaps, odd; 1 closes none. (The authors write 5 dilations and 3 erosions; OpenCV does one each.)",
        Unit = "px", Min = 1, Max = 63, Advanced = true)]
    public int ClosingSize { get; init; } = 7;

    [Option("Evaluation", "Split whose images are segmented and scored.")]
    public string EvaluationSplit { get; init; } = "val";

    [Option("Run", "Images whose masks are shown on the run's page.", Unit = "images", Min = 0, Max = 64, Advanced = true)]
    public int SnapshotImages { get; init; } = 8;

    /// <summary>The sentences that <see cref="Templates"/> stands for.</summary>
    public IReadOnlyList<string> Sentences => Templates switch
    {
        TemplateSet.ImageNet => PromptTemplates.ImageNet,
        TemplateSet.Photo => PromptTemplates.Photo,
        _ => OwnTemplates,
    };

    public override IEnumerable<Artifact> Produces() => [new(ArtifactKind.SoftMaps, EvaluationSplit), new(ArtifactKind.LabelMaps, EvaluationSplit)];

    public override IEnumerable<(string Option, string Split)> NamedSplits() => [("evaluationSplit", EvaluationSplit)];

    public override IEnumerable<OptionFailure> Validate()
    {
        if (Templates == TemplateSet.Own && OwnTemplates.Count == 0)
            yield return new("ownTemplates", "ownTemplates: give at least one sentence, or choose other templates.");
        if (OwnTemplates.FirstOrDefault(template => !template.Contains("{}", StringComparison.Ordinal)) is { } without)
            yield return new("ownTemplates", $"ownTemplates: '{without}' has no {{}}. Put {{}} where the class belongs.");
        if (ClosingSize % 2 == 0)
            yield return new("closingSize", $"closingSize: {ClosingSize} is not odd.");
    }
}
