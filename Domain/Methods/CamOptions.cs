namespace Dashboard.Domain.Methods;

/// <summary>Options of the CAM baseline; the defaults are IRN's (CVPR 2019, code jiwoon-ahn/irn).</summary>
public sealed record CamOptions : CamNetOptions
{
    [Option("Network", "ImageNet weights of the backbone: torchvision's .pth or a safetensors file. Empty: initialised at random.", IsPath = true, IsCheckpoint = true)]
    public string Checkpoint { get; init; } = "";
}
