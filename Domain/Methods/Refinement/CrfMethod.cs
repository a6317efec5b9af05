using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods.Refinement;

/// <summary>The dense CRF as the launch form knows it.</summary>
public static class CrfMethod
{
    /// <summary>The role of the run whose soft maps are refined.</summary>
    public const string Maps = "maps";

    public static MethodDescriptor Descriptor { get; } = new(
        "crf",
        "Dense CRF",
        "Label maps from soft maps, moved to the edges of the images by a fully connected CRF. Nothing is trained.",
        typeof(CrfOptions),
        [
            new("builtin", "Built-in (CPU, a minute)", "The training and the held-out images of the co-occurrence world.",
                new CrfOptions { Splits = ["train", "val"] }),
            new("animals", "A small folder of photographs (CPU, minutes)", "Its training and validation images.",
                new CrfOptions { Splits = ["train", "val"], SnapshotImages = 4 }),
            new("paper", "Paper (VOC 2012)", "IRN's CRF over all images that the segmentation network is trained on, scored on the 1,464 of train.",
                new CrfOptions()),
        ])
    {
        Trains = false,
        Inputs = [new(Maps, "Soft maps", "The run whose maps are refined: CAM, CLIMS, IRN or others.", ArtifactKind.SoftMaps)],
    };
}
