using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Domain.Methods.Segmentation;

/// <summary>The segmentation network as the launch form knows it.</summary>
public static class SegmentMethod
{
    /// <summary>The role of the run whose label maps are trained on.</summary>
    public const string LabelsRole = "labels";

    public static MethodDescriptor Descriptor { get; } = new(
        "segment",
        "Segmentation network (DeepLab)",
        "A network trained on label maps, of another run or the data set's own, that needs no tags afterwards: the last stage of weakly supervised "
        + "segmentation.",
        typeof(SegmentOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "A small DeepLabV2 from scratch on the co-occurrence world.", new SegmentOptions
            {
                Network = SegmentBackbone.DeeplabSmall,
                PyramidScales = [1.0],
                AtrousRates = [1, 2, 4, 6],
                BatchNorm = BatchNormMode.Ordinary,
                Loss = SegmentLoss.CrossEntropy,
                Iterations = 1500,
                BatchSize = 16,
                Accumulation = 1,
                Optimizer = SegmentOptimizer.AdamW,
                LearningRate = 2e-3,
                WeightDecay = 1e-3,
                CropSize = 96,
                CropScales = [0.75, 1.0, 1.25],
                Flip = true,
                TrainSplit = "train",
            }),
            new("animals", "A small folder of photographs (CPU, minutes)",
                "A few hundred photographs in VOC's layout, from the ImageNet weights of a small ResNet such as ResNet-18: give them as checkpoint.",
                new SegmentOptions
            {
                Architecture = SegmentArchitecture.DeeplabV3Plus,
                Network = SegmentBackbone.Auto,
                PyramidScales = [1.0],
                Iterations = 600,
                BatchSize = 8,
                Accumulation = 1,
                LearningRate = 2e-3,
                CropSize = 161,
                CropScales = [0.35, 0.5, 0.75],
                Scales = [0.5],
                Flip = true,
                TrainSplit = "train",
                SnapshotImages = 4,
            }),
            new("paper", "Paper, from ImageNet weights (VOC 2012)",
                "As CLIMS trains it: DeepLabV2 with ResNet-101, 30,000 steps of 2 x 10 crops of 321 px on train_aug, balanced cross entropy, CRF.",
                new SegmentOptions { Crf = true }),
            new("coco", "From COCO weights (VOC 2012)",
                "As NSROM and deeplab-pytorch: 20,000 steps of 2 x 5 crops, cross entropy, CRF. COCO's weights know masks of other photographs.",
                new SegmentOptions
            {
                Loss = SegmentLoss.CrossEntropy,
                Iterations = 20_000,
                BatchSize = 5,
                CropScales = [0.5, 0.75, 1.0, 1.25, 1.5],
                Crf = true,
            }),
        ])
    {
        ShortTitle = "Network",
        // 2: a single scale's loss counts once, and torchvision's ResNets are dilated.
        ResultVersion = 2,
        Inputs =
        [
            new(LabelsRole, "Label maps", "The run whose label maps of the training split are trained on.", ArtifactKind.LabelMaps)
            {
                SplitOption = "trainSplit",
                ReplacedBy = "labels",
            },
        ],
    };
}
