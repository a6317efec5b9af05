using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Domain.Methods.TextImage;

/// <summary>The training of a small CLIP as the launch form knows it.</summary>
public static class ClipMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "clip",
        "Small CLIP",
        "A CLIP of under a million parameters, trained from images and captions: a judge for CLIMS where no published one fits.",
        typeof(ClipTrainingOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "From the captions of the co-occurrence world: the model that ships with the project.",
                new ClipTrainingOptions()),
            new("finetune", "Fine-tuning on tags (CLIMS, camera-ready)",
                "A published CLIP, 20 epochs on sentences made from VOC's tags: the CLIP that clims.published uses. (Random resized crops replace "
                + "the authors' 448 px crops.)", new ClipTrainingOptions
            {
                Sentences = SentenceSource.Tags,
                TrainSplit = "train_aug",
                ImageSize = 224,
                PatchSize = 32,
                Normalisation = PixelNormalisation.Clip,
                Epochs = 20,
                BatchSize = 16,
                Optimizer = ClipOptimizer.Sgd,
                LearningRate = 5e-5,
                WeightDecay = 1e-3,
                Warmup = 0,
                FinalRate = 0,
                CropScale = 0.5,
                EraseProbability = 0,
                PromptTemplate = "a photo of {}",
            }),
        ]);
}
