namespace Dashboard.Domain.Methods.Seeds;

/// <summary>The CAM baseline as the launch form knows it.</summary>
public static class CamMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "cam",
        "CAM baseline",
        "A classification network trained from image tags; its class activation maps are the seeds that every other method improves.",
        typeof(CamOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "A small network from scratch on the co-occurrence world.", OnCooccurrenceWorld(new CamOptions
            {
                Epochs = 3,
                BatchSize = 32,
                LearningRate = 2e-3,
                ClassifierRateFactor = 1,
            })),
            new("animals", "A small folder of photographs (CPU, minutes)",
                "A few hundred photographs in VOC's layout, trained from the ImageNet weights of a small ResNet such as ResNet-18: give their path "
                + "as checkpoint.", new CamOptions
            {
                Network = CamNetwork.Auto,
                DetachLayer2 = false,
                Epochs = 10,
                BatchSize = 16,
                Optimizer = CamOptimizer.PolyAsPublished,
                LearningRate = 0.01,
                CropSize = 320,
                Scales = [1.0, 0.5, 1.5],
                TrainSplit = "train",
                EvaluationSplit = "val",
                Threshold = 0.12,
                ThresholdStep = 0.02,
                SnapshotImages = 4,
            }),
            new("paper", "Paper (VOC 2012)", "IRN's options: ResNet-50 from ImageNet weights, 512 px crops, 5 epochs on train_aug.",
                new CamOptions()),
        ])
    {
        ShortTitle = "CAM",
    };

    /// <summary>
    /// Network, optimiser, crops and evaluation of the built-in presets: CLIMS goes on training the CAM baseline's network, and is measured the same
    /// way.
    /// </summary>
    internal static CamNetOptions OnCooccurrenceWorld(CamNetOptions options) => options with
    {
        Network = CamNetwork.ResNetSmall,
        OutputStride = 8,
        BatchNorm = BatchNormMode.Ordinary,
        DetachLayer2 = false,
        Optimizer = CamOptimizer.AdamW,
        WeightDecay = 1e-3,
        CropSize = 96,
        ResizeLongMin = 96,
        ResizeLongMax = 96,
        Scales = [1.0],
        TrainSplit = "train",
        EvaluationSplit = "val",
        Threshold = 0.4,
    };
}
