using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods.TextImage;

/// <summary>Zero-shot masks as the launch form knows them.</summary>
public static class ZeroShotMethod
{
    /// <summary>The role of the run that has trained the model.</summary>
    public const string Pretraining = "pretraining";

    /// <summary>The LoDA model that ships with the project.</summary>
    public const string BuiltInModel = "cooccurrence-loda";

    public static MethodDescriptor Descriptor { get; } = new(
        "zeroshot",
        "Zero-shot masks (SimSeg)",
        "Masks of a whole split from nothing but class names: a text-supervised model compares patches with words. Nothing is trained.",
        typeof(ZeroShotOptions),
        [
            new("builtin", "Built-in (CPU, seconds)", "The LoDA model that ships with the project on the co-occurrence world.", new ZeroShotOptions
            {
                Model = BuiltInModel,
                Templates = TemplateSet.Own,
                OwnTemplates = ["a photo of a {}", "a picture of a {}", "a {}", "a close up of a {}"],
                Background = "",
                TopClasses = 0,
                Candidates = 3,
                BestAlways = true,
                Upsampling = MapUpsampling.Bilinear,
                Crf = false,
                ClosingSize = 1,
            }),
            new("voc", "VOC, as published",
                "The constants of the authors' evaluation: 80 templates, ten top classes, five candidates, CRF and closing.", new ZeroShotOptions()),
            new("context", "Pascal Context, as published", "Thirty top classes.", new ZeroShotOptions { TopClasses = 30 }),
        ])
    {
        ShortTitle = "Zero-shot",
        Trains = false,
        Inputs =
        [
            new(Pretraining, "pre-training", "The run that trained the model, if it is not on the Models page.", ArtifactKind.TextImageModel)
            {
                ReplacedBy = "model",
                MadeBy = new(SimSegMethod.Descriptor.Name, preset => preset == "builtin" ? "builtin" : "published", Shared: []),
            },
        ],
    };
}
