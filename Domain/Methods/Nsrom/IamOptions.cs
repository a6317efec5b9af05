using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>Options of NSROM's integral attention model (scripts/train_iam.py of the authors' code).</summary>
public sealed record IamOptions : NsromNetOptions
{
    [Option(
        "Network",
        "ImageNet weights of the features, as in the authors' code: torchvision's VGG-16 or ResNet (.pth), or a safetensors file. Empty: what the "
        + "classifier's features have learned, whatever the network is called here.", IsPath = true, IsCheckpoint = true)]
    public string Checkpoint { get; init; } = "";
}
