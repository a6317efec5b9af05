using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Domain.Methods.Refinement;

/// <summary>IRN's refinement as the launch form knows it.</summary>
public static class IrnMethod
{
    /// <summary>The role of the run whose soft maps are refined.</summary>
    public const string Maps = "maps";

    public static MethodDescriptor Descriptor { get; } = new(
        "irn",
        "IRN",
        "Inter-pixel relations (CVPR 2019): a network learns class boundaries from confident parts of soft maps; a random walk that does not cross "
        + "them fills the objects.",
        typeof(IrnOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "On the co-occurrence world, over the backbone of the network that made the maps.",
                new IrnOptions
            {
                Splits = ["train", "val"],
                TrainSplit = "train",
                Network = CamNetwork.Auto,
                OutputStride = 8,
                Epochs = 5,
                BatchSize = 16,
                LearningRate = 1,
                CropSize = 96,
                PairRadius = 5,
                ScaleMin = 1,
                ScaleMax = 2,
                LogSteps = 5,
                PadTo = 0,
                Background = 0.4,
            }),
            new("animals", "A small folder of photographs (CPU, minutes)",
                "A few hundred photographs, from the ImageNet weights of a small ResNet such as ResNet-18: give them as checkpoint.", new IrnOptions
            {
                Splits = ["train", "val"],
                TrainSplit = "train",
                SnapshotImages = 4,
                Network = CamNetwork.Auto,
                Epochs = 6,
                BatchSize = 8,
                CropSize = 320,
                PadTo = 0,
            }),
            new("paper", "Paper (VOC 2012)", "IRN's options: ResNet-50 from ImageNet weights, 512 px crops, 3 epochs on train_aug.",
                new IrnOptions()),
            new("clims", "As CLIMS refines (VOC 2012)", "IRN with CLIMS's thresholds: sure background 0.10, final background 0.20, no padding.",
                new IrnOptions { SureBackground = 0.10, Background = 0.20, PadTo = 0 }),
        ])
    {
        Inputs =
            [new(Maps, "Soft maps", "The run whose maps are refined: CAM, CLIMS or others, of all images of the splits.",
                ArtifactKind.SoftMaps) { SplitOption = "trainSplit" }],
    };
}
