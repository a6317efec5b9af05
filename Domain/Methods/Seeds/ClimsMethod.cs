using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods.Seeds;

/// <summary>CLIMS as the launch form knows it.</summary>
public static class ClimsMethod
{
    /// <summary>The role of the CAM run that CLIMS starts from.</summary>
    public const string Baseline = "baseline";

    /// <summary>The CLIP that ships with the project, which judges in the built-in preset.</summary>
    public const string BuiltInClip = "cooccurrence";

    public static MethodDescriptor Descriptor { get; } = new(
        "clims",
        "CLIMS",
        "Cross language image matching (CVPR 2022): a frozen CLIP judges what the activation maps show and hide, through four losses.",
        typeof(ClimsOptions),
        [
            new("builtin", "Built-in (CPU, a minute)",
                "From the built-in CAM baseline, on the co-occurrence world, with the CLIP that ships with the project.",
                CamMethod.OnCooccurrenceWorld(new ClimsOptions
            {
                Epochs = 2,
                BatchSize = 16,
                LearningRate = 1e-3,
                ClassifierRateFactor = 3,
                OtmWeight = 10,
                BtmWeight = 24,
                CbsWeight = 16,
                RegWeight = 60,
                CbsOverBackgrounds = ClimsReduction.Mean,
                CbsOverPairs = ClimsReduction.Mean,
                CbsThreshold = -1,
                PromptTemplate = "a photo of {}",
                ClassWords = new Dictionary<string, IReadOnlyList<string>>(),
                Backgrounds = [],
                ClassBackgrounds = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["train"] = ["railway", "railroad", "track"],
                    ["boat"] = ["water", "sea", "lake", "river"],
                    ["plane"] = ["sky", "clouds"],
                    ["sheep"] = ["grass", "meadow", "pasture"],
                    ["car"] = ["road", "street", "highway"],
                    ["camel"] = ["sand", "desert", "dunes"],
                    ["bird"] = ["forest", "trees", "foliage"],
                    ["penguin"] = ["snow", "ice"],
                },
                Clip = BuiltInClip,
                Activation = CamActivation.Sigmoid,
            })),
            new("improved", "Improved (VOC 2012)",
                "clims.improved: the authors' later code. Needs a CLIP and a trained CAM baseline; seed mIoU 58.6.", new ClimsOptions()),
            new("published", "Published (VOC 2012)",
                "clims.published: the authors' camera-ready code, also where it differs from the paper; seed mIoU 56.6.", new ClimsOptions
            {
                Epochs = 10,
                ClassifierRateFactor = 1,
                BtmWeight = 25,
                CbsWeight = 29.5,
                RegWeight = 1.15,
                ClampCosines = false,
                CbsOverBackgrounds = ClimsReduction.Mean,
                CbsThreshold = -1,
                WeightedClasses = ["sofa", "diningtable", "chair"],
                ClassWeight = 3,
                PromptTemplate = "a photo of {}",
                ClassWords = new Dictionary<string, IReadOnlyList<string>>(),
                Backgrounds = [],
                ClassBackgrounds = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["boat"] = ["river", "water", "lake", "sea", "building"],
                    ["train"] = ["railroad", "railway", "branches", "tree"],
                },
                Normalisation = PixelNormalisation.Clip,
                StrictCheckpoint = false,
                Head = ClimsHead.Bottleneck,
                LearnBatchNorm = false,
            }),
        ])
    {
        Inputs =
        [
            new(Baseline, "CAM baseline", "The trained CAM run to start from.", ArtifactKind.Network)
            {
                Methods = [CamMethod.Descriptor.Name],
                ReplacedBy = "checkpoint",
                MadeBy = new(
                    CamMethod.Descriptor.Name, preset => preset == "builtin" ? "builtin" : "paper",
                    Shared: ["network", "outputStride", "trainSplit", "evaluationSplit"]),
            },
        ],
        Ablation = ClimsAblation.Variants,
    };
}
