using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>NSROM's classifier as the launch form knows it.</summary>
public static class NsromMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "nsrom",
        "NSROM classifier",
        "Non-Salient Region Object Mining (CVPR 2021), its first part: a classification network with graph-based global reasoning, trained from "
        + "image tags, whose activation maps are accumulated while it learns.",
        typeof(NsromOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "A small ResNet from scratch on the co-occurrence world.",
                OnCooccurrenceWorld(new NsromOptions())),
            new("animals", "A small folder of photographs (CPU, minutes)",
                "A few hundred photographs, from the ImageNet weights of a small ResNet such as ResNet-18: give them as checkpoint.",
                OnPhotographs(new NsromOptions { LearningRate = 5e-3 })),
            new("paper", "Paper (VOC 2012)", "The authors' code: VGG-16 from ImageNet weights, 256 px, 15 epochs on train_aug.", new NsromOptions()),
        ])
    {
        ShortTitle = "NSROM",
        // On a ResNet from ImageNet the graph unit stands on the features.
        ResultVersion = 2,
    };

    /// <summary>The integral attention model is trained the same way.</summary>
    internal static T OnCooccurrenceWorld<T>(T options) where T : NsromNetOptions => options with
    {
        Splits = ["train", "val"],
        TrainSplit = "train",
        Network = NsromNetwork.ResNetSmall,
        Nodes = 32,
        BatchNorm = BatchNormMode.Ordinary,
        Epochs = 5,
        BatchSize = 32,
        Optimizer = NsromOptimizerKind.AdamW,
        LearningRate = 2e-3,
        HeadRateFactor = 1,
        DecayAfter = [4],
        WeightDecay = 1e-3,
        ImageSize = 96,
    };

    internal static T OnPhotographs<T>(T options) where T : NsromNetOptions => options with
    {
        Splits = ["train"],
        TrainSplit = "train",
        Network = NsromNetwork.Auto,
        Epochs = 6,
        DecayAfter = [4],
        SnapshotImages = 4,
    };
}
