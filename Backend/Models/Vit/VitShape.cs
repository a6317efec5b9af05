namespace Dashboard.Backend.Models.Vit;

/// <summary>Sizes of a <see cref="VisionTransformer"/>.</summary>
/// <param name="Width">384 in ViT-S, 768 in ViT-B.</param>
/// <param name="PatchSize">In pixels.</param>
/// <param name="Grid">Patches in a row of the images that the position embedding was made for: 14 at 224 pixels.</param>
public sealed record VitShape(int Width, int Layers, int PatchSize, int Grid)
{
    private const int PublishedHeadSize = 64;

    /// <summary>Every published model has heads of size 64.</summary>
    public int Heads { get; init; } = Math.Max(1, Width / PublishedHeadSize);

    /// <summary>Width of the hidden layer between attentions.</summary>
    public int HiddenWidth { get; init; } = 4 * Width;
}
