using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods.Refinement;

/// <summary>Pixel-adaptive mask refinement as the launch form knows it.</summary>
public static class PamrMethod
{
    /// <summary>The role of the run whose soft maps are refined.</summary>
    public const string Maps = "maps";

    public static MethodDescriptor Descriptor { get; } = new(
        "pamr",
        "Pixel-adaptive refinement",
        "Label maps from soft maps, averaged over neighbours of a like colour (PAMR). A quick look at what refinement may bring; nothing is trained.",
        typeof(PamrOptions),
        [
            new("builtin", "Built-in (CPU, seconds)", "The training and the held-out images of the co-occurrence world.",
                new PamrOptions { Splits = ["train", "val"] }),
            new("animals", "A small folder of photographs (CPU, a minute)", "Its training and validation images.",
                new PamrOptions { Splits = ["train", "val"], SnapshotImages = 4 }),
            new("paper", "Paper (VOC 2012)", "The authors' neighbourhood and iterations over all images that the segmentation network is trained on.",
                new PamrOptions()),
        ])
    {
        ShortTitle = "PAMR",
        Trains = false,
        Inputs = [new(Maps, "Soft maps", "The run whose maps are refined: CAM, CLIMS, IRN or others.", ArtifactKind.SoftMaps)],
    };
}
