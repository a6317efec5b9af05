namespace Dashboard.Domain.Methods.TextImage;

/// <summary>What becomes the one feature of an image, or of a text.</summary>
public enum PoolingKind
{
    /// <summary>The class token, or the token at a text's end: CLIP's global alignment.</summary>
    Global,

    /// <summary>The mean of all patches or words: dense alignment, which LoDA is compared with.</summary>
    Average,

    /// <summary>LoDA's maximum response selection.</summary>
    Loda,
}
