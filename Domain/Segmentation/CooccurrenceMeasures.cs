namespace Dashboard.Domain.Segmentation;

/// <summary>
/// What the built-in data set tells beyond the IoU: whether maps spill over the co-occurring background, and whether they cover more than the
/// discriminative part.
/// </summary>
public static class CooccurrenceMeasures
{
    /// <summary>Share of the visible stuff that co-occurs with a tagged class which is predicted as an object.</summary>
    public const string FalseActivation = "false activation";

    /// <summary>Share of the objects' plain bodies that is predicted as their class.</summary>
    public const string BodyRecall = "body recall";

    /// <summary>Share of the objects' discriminative parts that is predicted as their class.</summary>
    public const string PartRecall = "part recall";

    /// <summary>Share of the pixels predicted as objects that are right.</summary>
    public const string Precision = "precision";
}
