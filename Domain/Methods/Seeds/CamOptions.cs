using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Seeds;

/// <summary>Options of the CAM baseline; the defaults are IRN's (CVPR 2019, code jiwoon-ahn/irn).</summary>
public sealed record CamOptions : CamNetOptions
{
    [Option(
        "Network",
        "ImageNet weights of the backbone, a ResNet-18, 34, 50 or 101: torchvision's .pth or a safetensors file. Empty: initialised at random.",
        IsPath = true, IsCheckpoint = true)]
    public string Checkpoint { get; init; } = "";

    public override IEnumerable<OptionFailure> Validate()
    {
        foreach (var failure in base.Validate())
            yield return failure;
        if (Network == CamNetwork.Auto && Checkpoint.Length == 0)
            yield return new("checkpoint",
                "checkpoint: network=auto reads its blocks from weights. Give a checkpoint of a ResNet, or choose a network.");
    }
}
