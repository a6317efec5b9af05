namespace Dashboard.Domain.Methods.TextImage;

/// <summary>SimSeg's pre-training as the launch form knows it: a small CLIP, or the authors' own towers, aligned by local features.</summary>
public static class SimSegMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "simseg",
        "SimSeg pre-training (LoDA)",
        "Locality-driven alignment (CVPR 2023): a model trained from images and captions whose patches, not its class token, must match the words, "
        + "so that it makes masks from text.",
        typeof(ClipTrainingOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "LoDA from the captions of the co-occurrence world: the model that ships with the project.",
                new ClipTrainingOptions { Pooling = PoolingKind.Loda }),
            new("average", "Average pooling, for comparison", "The same with the mean of all patches and words: dense alignment.",
                new ClipTrainingOptions { Pooling = PoolingKind.Average }),
            new("global", "Global alignment, for comparison", "The same with the class token and the end of text: plain CLIP.",
                new ClipTrainingOptions()),
            new("published", "As published (ViT + BERT, GPU)",
                "The authors' recipe, from ImageNet-21k and BERT weights by path; their paper takes the captions of CC3M and CC12M. (The README "
                + "lists what differs, such as float32 instead of half precision.)", new ClipTrainingOptions
            {
                Towers = TowerKind.VitBert,
                ContextLength = 25,
                Pooling = PoolingKind.Loda,
                ImageK = 5,
                TextK = 5,
                MaskPadding = false,
                ImageSize = 224,
                EvaluationSize = 288,
                EmbeddingSize = 512,
                Epochs = 20,
                BatchSize = 4096,
                LearningRate = 1e-4,
                WeightDecay = 0.2,
                DecayAll = true,
                AdamEpsilon = 1e-6,
                Warmup = 0.025,
                FinalRate = 0.1,
                Temperature = 0.02,
                PairsAtOnce = 128,
                FlipProbability = 0,
                CropScale = 0.6,
                AutoAugment = true,
                EraseProbability = 0,
                LoaderThreads = 8,
            }),
        ])
    {
        ShortTitle = "SimSeg",
    };
}
