using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Augmentation;

/// <summary>Turns a decoded image into one training example.</summary>
public interface IAugmentation
{
    /// <summary>Of what <see cref="Apply"/> writes.</summary>
    (int Channels, int Height, int Width) Shape { get; }

    /// <summary>How many times larger an image is than needed: of one that is twice as large, half the size does as well.</summary>
    double Surplus(ImageSize image) => 1;

    /// <param name="image">RGB; not changed.</param>
    /// <param name="random">The only source of chance: the same stream gives the same result.</param>
    /// <param name="target"><c>[C, H, W]</c>, overwritten.</param>
    void Apply(ImageBuffer image, RandomStream random, Span<float> target);
}
