using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// NSROM's training images (the authors' data loaders): squashed to a square, then torchvision's ColorJitter. What moves pixels is left out, as maps
/// of one image are laid upon each other.
/// </summary>
/// <param name="jitter">Of brightness, contrast and saturation; a third of it of the hue.</param>
public sealed class NsromAugmentation(int side, double jitter) : IAugmentation
{
    private readonly float _jitter = (float)jitter;

    public (int Channels, int Height, int Width) Shape => (3, side, side);

    public void Apply(ImageBuffer image, RandomStream random, Span<float> target)
    {
        var squashed = Squash(image, side);
        if (_jitter > 0)
        {
            // Each by a share of its own, in an order of its own.
            Func<ImageBuffer, ImageBuffer>[] changes =
            [
                rgb => ColourJitter.Brightness(rgb, random.Uniform(-_jitter, _jitter)),
                rgb => ColourJitter.Contrast(rgb, random.Uniform(-_jitter, _jitter)),
                rgb => ColourJitter.Saturation(rgb, random.Uniform(-_jitter, _jitter)),
                rgb => ColourJitter.Hue(rgb, random.Uniform(-_jitter / 3, _jitter / 3)),
            ];
            random.Shuffle(changes.AsSpan());
            squashed = changes.Aggregate(squashed, (rgb, change) => change(rgb));
        }
        Normalisation.ImageNet.ToPlanes(squashed, target);
    }

    /// <summary>As torchvision's Resize of a PIL image: bilinear; the shape is not kept.</summary>
    public static ImageBuffer Squash(ImageBuffer image, int side) => Resampling.Resize(image, side, side, ResampleFilter.Bilinear);
}
