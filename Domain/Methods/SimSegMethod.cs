namespace Dashboard.Domain.Methods;

/// <summary>SimSeg's pre-training as the launch form knows it: a CLIP, aligned by its local features.</summary>
public static class SimSegMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "simseg",
        "SimSeg pre-training (LoDA)",
        "Locality-driven alignment (CVPR 2023): a CLIP trained from images and captions whose patches, not its class token, must match the words, so that it makes masks from text.",
        typeof(ClipTrainingOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "LoDA from the captions of the co-occurrence world: the model that ships with the project.", new ClipTrainingOptions { Pooling = PoolingKind.Loda }),
            new("average", "Average pooling, for comparison", "The same with the mean of all patches and words: dense alignment.", new ClipTrainingOptions { Pooling = PoolingKind.Average }),
            new("global", "Global alignment, for comparison", "The same with the class token and the end of text: plain CLIP.", new ClipTrainingOptions()),
        ]);
}
