namespace Dashboard.Domain.Methods.TextImage;

/// <summary>The towers of a new model.</summary>
public enum TowerKind
{
    /// <summary>Convolutional stem and transformers, from scratch.</summary>
    Small,

    /// <summary>SimSeg's: timm's vision transformer and BERT, from published weights.</summary>
    VitBert,
}

/// <summary>Where the texts of images come from.</summary>
public enum SentenceSource
{
    /// <summary>A list of images and captions.</summary>
    Captions,

    /// <summary>A sentence made from each training image's tags, "a photo of A and B", as camera-ready CLIMS fine-tunes CLIP.</summary>
    Tags,
}

/// <summary>The optimiser of CLIP's training.</summary>
public enum ClipOptimizer
{
    AdamW,

    /// <summary>SGD with momentum 0.9.</summary>
    Sgd,
}
