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

    /// <summary>Saliency maps of images.</summary>
    Saliency,

    /// <summary>A CLIP or a SimSeg, in <c>model/</c>.</summary>
    TextImageModel,
}
