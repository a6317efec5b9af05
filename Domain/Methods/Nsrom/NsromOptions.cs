using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>Options of NSROM's classifier (scripts/train.py of the authors' code).</summary>
public sealed record NsromOptions : NsromNetOptions
{
    [Option(
        "Network",
        "ImageNet weights of the features: torchvision's VGG-16 or ResNet (.pth), or a safetensors file. Empty: initialised at random.",
        IsPath = true, IsCheckpoint = true)]
    public string Checkpoint { get; init; } = "";

    [Option("Accumulation", "A class's map is accumulated where the network gives the class at least this probability.", Min = 0, Max = 1)]
    public double Gate { get; init; } = 0.1;

    public override IEnumerable<Artifact> Produces() => base.Produces().Append(new(ArtifactKind.AccumulatedMaps, TrainSplit));

    public override IEnumerable<OptionFailure> Validate()
    {
        foreach (var failure in base.Validate())
            yield return failure;
        if (Epochs < 2)
            yield return new("epochs", $"epochs: {Epochs} is not enough. Maps are accumulated from the second epoch on: 2 at least.");
        if (Network == NsromNetwork.Auto && Checkpoint.Length == 0)
            yield return new("checkpoint",
                "checkpoint: network=auto reads the features' blocks from weights. Give a checkpoint of a ResNet or of VGG-16, or choose a network.");
    }
}
