namespace Dashboard.Domain.Artifacts;

/// <summary>What a run makes and another takes.</summary>
public enum ArtifactKind
{
    /// <summary>A trained network, in the run's checkpoints.</summary>
    Network,

    /// <summary>Class activation maps of images, in <c>cams/</c>.</summary>
    SoftMaps,

    /// <summary>Pseudo labels or predictions of images, in <c>masks/</c>.</summary>
    LabelMaps,

    /// <summary>Saliency maps of images, in <c>saliency/</c>.</summary>
    Saliency,

    /// <summary>What a classifier has ever shown of each class of each training image, in its checkpoints.</summary>
    AccumulatedMaps,

    /// <summary>A CLIP or a SimSeg, in <c>model/</c>.</summary>
    TextImageModel,
}
