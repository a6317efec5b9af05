using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Refinement;

/// <summary>The backbone of AffinityNet.</summary>
public enum AffinityNetwork
{
    /// <summary>The wide ResNet-38 that PSA publishes.</summary>
    ResNet38,

    /// <summary>VGG16 as PSA reshapes it.</summary>
    Vgg16,

    /// <summary>A ResNet whose blocks are those of its weights.</summary>
    ResNet,
}

/// <summary>
/// Options of PSA's refinement. The defaults are those of the authors' code (Ahn and Kwak, CVPR 2018; jiwoon-ahn/psa), without their colour jitter.
/// </summary>
public sealed record PsaOptions : AffinityOptions
{
    public PsaOptions()
    {
        Epochs = 8;
        BatchSize = 8;
        WeightDecay = 5e-4;
        CropSize = 448;
        Beta = 8;
    }

    [Option("Network", "Backbone. resNet38 and vgg16 need the weights that PSA publishes; resNet takes any ResNet's.")]
    public AffinityNetwork Network { get; init; } = AffinityNetwork.ResNet38;

    [Option(
        "Network",
        "Weights of the backbone: PSA's classification network, or a ResNet's. Empty, with resNet: the backbone of the CAM or CLIMS network that "
        + "made the maps.", IsPath = true, IsCheckpoint = true)]
    public string Checkpoint { get; init; } = "";

    [Option("Network", "Images are scaled by this, in training and after it: small objects need more than a position every eight pixels. PSA: 1.",
        Min = 0.25, Max = 8, Advanced = true)]
    public double Scale { get; init; } = 1;

    [Option("Affinity labels", "Power of (1 - the largest map) that makes the background where surely foreground is looked for.", Min = 0,
        MinExclusive = true, Max = 100)]
    public double LowAlpha { get; init; } = 4;

    [Option("Affinity labels", "The same where surely background is looked for. Paper: 24.", Min = 0, MinExclusive = true, Max = 100)]
    public double HighAlpha { get; init; } = 32;

    [Option("Random walk", "The same for the background that walks with the maps. Paper: 24.", Min = 0, MinExclusive = true, Max = 100)]
    public double Alpha { get; init; } = 16;

    public override IEnumerable<OptionFailure> Validate()
    {
        foreach (var failure in base.Validate())
            yield return failure;
        if (Network != AffinityNetwork.ResNet && Checkpoint.Length == 0)
            yield return new("checkpoint", "checkpoint: give the weights that PSA publishes for this network, or choose network resNet.");
        if (LowAlpha > HighAlpha)
            yield return new("lowAlpha", $"lowAlpha: {LowAlpha} is above highAlpha, which is {HighAlpha}.");
        if (CropSize % 8 != 0)
            yield return new("cropSize", $"cropSize: {CropSize} is not a multiple of 8, the network's stride.");
        if (CropSize / 8 < 2 * WalkRadius)
            yield return new("walkRadius",
                $"walkRadius: {WalkRadius} positions do not fit a crop of {CropSize} pixels, which has {CropSize / 8}. At most {CropSize / 16}.");
    }
}
