namespace Dashboard.Backend.Models.Clip;

/// <summary>Sizes of a <see cref="ClipModel"/>, in the order of OpenAI's constructor.</summary>
/// <param name="EmbeddingSize">Of the common space of images and texts: 512 for ViT-B/32.</param>
/// <param name="ImageResolution">Side of the square images that the position embedding was made for, in pixels.</param>
/// <param name="VisionLayers">One number: blocks of a vision transformer. Four: bottlenecks in the layers of a ModifiedResNet.</param>
/// <param name="PatchSize">Side of a vision transformer's patches, in pixels; null for a ModifiedResNet.</param>
/// <param name="ContextLength">Tokens of a text, start and end included.</param>
public sealed record ClipShape(
    int EmbeddingSize, int ImageResolution, IReadOnlyList<int> VisionLayers, int VisionWidth, int? PatchSize,
    int ContextLength, int VocabularySize, int TextWidth, int TextLayers)
{
    private const int PublishedHeadSize = 64;

    /// <summary>The stride of a ModifiedResNet, and the width of its features as a multiple of <see cref="VisionWidth"/>.</summary>
    public const int ResNetFactor = 32;

    public bool IsResNet => PatchSize is null;

    /// <summary>
    /// What a vision transformer's patches go through before it; null where one convolution embeds them, as in the published models.
    /// </summary>
    public ConvolutionalStem? Stem { get; init; }

    /// <summary>Attention heads of the image tower; every published model has heads of size 64.</summary>
    public int VisionHeads { get; init; } = Math.Max(1, (PatchSize is null ? VisionWidth * ResNetFactor : VisionWidth) / PublishedHeadSize);

    /// <summary>Attention heads of the text tower.</summary>
    public int TextHeads { get; init; } = Math.Max(1, TextWidth / PublishedHeadSize);

    /// <summary>
    /// Whether the activation is OpenAI's x·sigmoid(1.702 x); otherwise it is the exact GELU, as in some of the models trained on LAION.
    /// </summary>
    public bool QuickGelu { get; init; } = true;

    /// <summary>For people: "ViT, patch 32", "convolutional stem + ViT, patch 8" or "ModifiedResNet".</summary>
    public string Tower => PatchSize is { } patch ? $"{(Stem is null ? "" : "convolutional stem + ")}ViT, patch {patch}" : "ModifiedResNet";
}

/// <summary>
/// The convolutions of a <see cref="ClipHybridTransformer"/>: one with half a patch's side as its stride, one of stride 2, then residual blocks.
/// </summary>
/// <param name="Channels">Of the first convolution; what follows has the transformer's width.</param>
/// <param name="Blocks">Residual blocks of two 3x3 convolutions.</param>
public sealed record ConvolutionalStem(int Channels, int Blocks)
{
    public const int SecondStride = 2;
}
