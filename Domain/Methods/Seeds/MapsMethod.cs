using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Import;

namespace Dashboard.Domain.Methods.Seeds;

/// <summary>The making of class activation maps as the launch form knows it.</summary>
public static class MapsMethod
{
    /// <summary>The role of the run whose network makes the maps.</summary>
    public const string Network = "network";

    public static MethodDescriptor Descriptor { get; } = new(
        "maps",
        "Class activation maps",
        "Class activation maps of more splits from a trained CAM or CLIMS network: what refinement starts from. Nothing is trained.",
        typeof(MapsOptions),
        [
            new("builtin", "Built-in (CPU, seconds)", "The training and the held-out images of the co-occurrence world.",
                new MapsOptions { Splits = ["train", "val"] }),
            new("animals", "A small folder of photographs (CPU, minutes)", "Its training and validation images.",
                new MapsOptions { Splits = ["train", "val"], SnapshotImages = 4 }),
            new("paper", "Paper (VOC 2012)", "All images that the segmentation network is trained on, scored on the 1,464 of train.",
                new MapsOptions()),
        ])
    {
        ShortTitle = "Maps",
        Trains = false,
        Inputs =
            [new(Network, "Trained network", "The CAM or CLIMS run, or the import, whose network makes the maps.",
                ArtifactKind.Network) { Methods = [CamMethod.Descriptor.Name, ClimsMethod.Descriptor.Name, ImportMethod.Descriptor.Name] }],
    };
}
