using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>NSROM's integral attention model as the launch form knows it.</summary>
public static class IamMethod
{
    /// <summary>The role of the classifier whose accumulated maps are learned.</summary>
    public const string Accumulated = "accumulated";

    public static MethodDescriptor Descriptor { get; } = new(
        "iam",
        "NSROM attention",
        "NSROM's second part, the integral attention model: the same network learns the maps that the classifier has accumulated. Its own maps are "
        + "OA-CAM, which covers more of the objects.",
        typeof(IamOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "From the features of the classifier, on the co-occurrence world.",
                NsromMethod.OnCooccurrenceWorld(new IamOptions())),
            new("animals", "A small folder of photographs (CPU, minutes)", "From the features of the classifier.",
                NsromMethod.OnPhotographs(new IamOptions())),
            new("paper", "Paper (VOC 2012)", "The authors' code: VGG-16 from ImageNet weights, 256 px, 15 epochs on train_aug.", new IamOptions()),
        ])
    {
        ShortTitle = "Attention",
        // As that of the classifier.
        ResultVersion = 2,
        Inputs =
        [
            new(Accumulated, "NSROM classifier", "The run whose accumulated maps are learned.", ArtifactKind.AccumulatedMaps)
            {
                SplitOption = "trainSplit",
                MadeBy = new(NsromMethod.Descriptor.Name, preset => preset ?? "builtin", ["trainSplit", "network", "imageSize", "checkpoint"]),
            },
        ],
    };
}
