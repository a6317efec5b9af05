using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Augmentation;

/// <summary>An image and what is drawn over it.</summary>
/// <param name="Image">RGB.</param>
/// <param name="Labels">Of the image's size.</param>
/// <param name="Saliency">One channel, 0..255, of the image's size; null where none is asked for.</param>
public sealed record LabelledImage(ImageBuffer Image, LabelMap Labels, ImageBuffer? Saliency = null);

/// <summary>Where one training example is written to.</summary>
/// <param name="image"><c>[C, H, W]</c></param>
/// <param name="labels"><c>[H, W]</c></param>
/// <param name="saliency"><c>[H, W]</c>; empty where none is asked for.</param>
public readonly ref struct LabelledExample(Span<float> image, Span<byte> labels, Span<byte> saliency = default)
{
    public Span<float> Image { get; } = image;
    public Span<byte> Labels { get; } = labels;
    public Span<byte> Saliency { get; } = saliency;
}

/// <summary>Turns an image, its label map and its saliency into one training example: what moves the image moves the others with it.</summary>
public interface ILabelledAugmentation
{
    /// <summary>Of the image that <see cref="Apply"/> writes; label map and saliency have its height and width.</summary>
    (int Channels, int Height, int Width) Shape { get; }

    /// <param name="source">Not changed.</param>
    /// <param name="random">The only source of chance: the same stream gives the same result.</param>
    /// <param name="target">Overwritten; labels beyond the image are <see cref="LabelMap.Ignore"/>, saliency there is 0.</param>
    /// <exception cref="ArgumentException">Image, label map and saliency differ in size.</exception>
    void Apply(LabelledImage source, RandomStream random, LabelledExample target);
}
