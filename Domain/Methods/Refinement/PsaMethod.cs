using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods.Refinement;

/// <summary>PSA's refinement as the launch form knows it.</summary>
public static class PsaMethod
{
    /// <summary>The role of the run whose soft maps are refined.</summary>
    public const string Maps = "maps";

    public static MethodDescriptor Descriptor { get; } = new(
        "psa",
        "PSA",
        "Pixel-level semantic affinity (CVPR 2018): AffinityNet learns from confident parts of soft maps which pixels show the same class; a "
        + "random walk spreads the maps over them.",
        typeof(PsaOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "On the co-occurrence world, from the backbone of the network that made the maps.",
                new PsaOptions
            {
                Splits = ["train", "val"],
                TrainSplit = "train",
                Network = AffinityNetwork.ResNet,
                Epochs = 2,
                BatchSize = 16,
                LearningRate = 0.01,
                CropSize = 128,
                Scale = 2,
            }),
            new("animals", "A small folder of photographs (CPU, minutes)",
                "A few hundred photographs, from the ImageNet weights of a small ResNet such as ResNet-18: give them as checkpoint.", new PsaOptions
            {
                Splits = ["train", "val"],
                TrainSplit = "train",
                SnapshotImages = 4,
                Network = AffinityNetwork.ResNet,
                Epochs = 4,
                LearningRate = 0.01,
                CropSize = 320,
            }),
            new("paper", "Paper (VOC 2012)", "PSA's options: ResNet-38 from the weights of its classification network, given as checkpoint.",
                new PsaOptions()),
        ])
    {
        Inputs =
            [new(Maps, "Soft maps", "The run whose maps are refined: CAM, CLIMS or others, of all images of the splits.",
                ArtifactKind.SoftMaps) { SplitOption = "trainSplit" }],
    };
}
