namespace Dashboard.Domain.Methods;

/// <summary>The CAM baseline as the launch form knows it.</summary>
public static class CamMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "cam",
        "CAM baseline",
        "A classification network trained from image tags; its class activation maps are the seeds that every other method improves.",
        typeof(CamOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "A small network from scratch on the co-occurrence world.", new CamOptions
            {
                Network = CamNetwork.ResNetSmall,
                OutputStride = 8,
                BatchNorm = BatchNormMode.Ordinary,
                DetachLayer2 = false,
                Epochs = 3,
                BatchSize = 32,
                Optimizer = CamOptimizer.AdamW,
                LearningRate = 2e-3,
                ClassifierRateFactor = 1,
                WeightDecay = 1e-3,
                CropSize = 96,
                ResizeLongMin = 96,
                ResizeLongMax = 96,
                Scales = [1.0],
                TrainSplit = "train",
                EvaluationSplit = "val",
                Threshold = 0.4,
            }),
            new("paper", "Paper (VOC 2012)", "IRN's options: ResNet-50 from ImageNet weights, 512 px crops, 5 epochs on train_aug.", new CamOptions()),
        ]);
}
