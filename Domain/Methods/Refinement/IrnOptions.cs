using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Domain.Methods.Refinement;

/// <summary>Options of IRN's refinement. The defaults are those of the authors' code (Ahn et al., CVPR 2019; jiwoon-ahn/irn).</summary>
public sealed record IrnOptions : AffinityOptions
{
    [Option("Network", "Backbone, which does not learn. auto: its blocks are those of the weights.")]
    public CamNetwork Network { get; init; } = CamNetwork.ResNet50;

    [Option(
        "Network",
        "Weights of the backbone: ImageNet's as torchvision publishes them, or a safetensors file. Empty: the backbone of the CAM or CLIMS network "
        + "that made the maps.", IsPath = true, IsCheckpoint = true)]
    public string Checkpoint { get; init; } = "";

    [Option("Network", "Pixels of the image per position of the backbone's last two layers.", Unit = "px", Min = 8, Max = 16, Advanced = true)]
    public int OutputStride { get; init; } = 16;

    [Option("IR labels", "What is foreground under this threshold on the maps is surely foreground. COCO: 0.35.", Min = 0, Max = 1)]
    public double SureForeground { get; init; } = 0.30;

    [Option("IR labels", "What is background under this threshold is surely background. IRN: 0.05, CLIMS: 0.10.", Min = 0, Max = 1)]
    public double SureBackground { get; init; } = 0.05;

    [Option("Optimisation", "Positions of a quarter of the image that are closer than this make pairs to learn from.", Unit = "positions", Min = 2,
        Max = 20, Advanced = true)]
    public int PairRadius { get; init; } = 10;

    [Option("Augmentation", "The image is scaled by a random factor from here ...", Min = 0.1, Max = 8)]
    public double ScaleMin { get; init; } = 0.5;

    [Option("Augmentation", "... to here.", Min = 0.1, Max = 8)]
    public double ScaleMax { get; init; } = 1.5;

    [Option(
        "Random walk",
        "The image is scaled by this before its boundaries are looked for: small objects need more than a position every four pixels. IRN: 1.",
        Min = 0.25, Max = 8, Advanced = true)]
    public double WalkScale { get; init; } = 1;

    [Option("Random walk", "Side to which images are filled up with zeros before their boundaries are looked for. IRN: 512; CLIMS: 0, not at all.",
        Unit = "px", Min = 0, Max = 4096, Advanced = true)]
    public int PadTo { get; init; } = 512;

    [Option("Random walk", "Score of the background beside the walked maps. IRN: 0.25, CLIMS: 0.20.", Min = 0, Max = 1)]
    public double Background { get; init; } = 0.25;

    public override IEnumerable<OptionFailure> Validate()
    {
        foreach (var failure in base.Validate())
            yield return failure;
        if (OutputStride is not (8 or 16))
            yield return new("outputStride", $"outputStride: '{OutputStride}' is not 8 or 16.");
        if (ScaleMin > ScaleMax)
            yield return new("scaleMin", $"scaleMin: {ScaleMin} is above scaleMax, which is {ScaleMax}.");
        if (SureBackground > SureForeground)
            yield return new("sureBackground", $"sureBackground: {SureBackground} is above sureForeground, which is {SureForeground}.");
        if (CropSize % 4 != 0)
            yield return new("cropSize", $"cropSize: {CropSize} is not a multiple of 4, the network's stride.");
        if (CropSize / 4 < 2 * PairRadius)
            yield return new("pairRadius",
                $"pairRadius: {PairRadius} positions do not fit a crop of {CropSize} pixels, which has {CropSize / 4}. At most {CropSize / 8}.");
    }
}
