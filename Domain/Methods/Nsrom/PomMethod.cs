using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>Initial labels with Potential Object Mining as the launch form knows them.</summary>
public static class PomMethod
{
    /// <summary>The role of the run whose maps say which class a pixel has.</summary>
    public const string Maps = "maps";

    /// <summary>The role of the run whose maps are mined.</summary>
    public const string Cam = "cam";

    /// <summary>The role of the run whose saliency says where background is.</summary>
    public const string Saliency = "saliency";

    public static MethodDescriptor Descriptor { get; } = new(
        "pom",
        "POM labels",
        "Potential Object Mining, NSROM's initial pseudo labels: classes from soft maps, background from saliency; background where a class is "
        + "active all the same is left undecided. Takes maps of any method. Nothing is trained.",
        typeof(PomOptions),
        [
            new("builtin", "Built-in (CPU, seconds)", "The co-occurrence world; the training images are its main score, as those of NSRM.",
                new PomOptions { Splits = ["val", "train"] }),
            new("animals", "A small folder of photographs (CPU, seconds)", "Its training images.",
                new PomOptions { Splits = ["train"], SnapshotImages = 4 }),
            new("paper", "Paper (VOC 2012)", "The authors' thresholds; all training images, scored on the 1,464 of train.", new PomOptions()),
        ])
    {
        Trains = false,
        Inputs =
        [
            new(Maps, "Maps that make the labels", "The run whose maps say which class a pixel has: OA-CAM (iam), CLIMS, IRN or others.",
                ArtifactKind.SoftMaps),
            new(Cam, "Maps that are mined", "The run whose class activation maps show where objects may be: NSROM's classifier.",
                ArtifactKind.SoftMaps) { ReplacedBy = "mining" },
            new(Saliency, "Saliency", "The run whose saliency says where background is.", ArtifactKind.Saliency) { ReplacedBy = "saliency" },
        ],
    };
}
