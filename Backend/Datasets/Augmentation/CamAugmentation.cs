using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Augmentation;

/// <summary>IRN's training augmentation, as in the authors' code (<c>voc12/dataloader.py</c>, <c>misc/imutils.py</c>), in that order.</summary>
/// <param name="cropSize">Side of the square crop, in pixels.</param>
/// <param name="resizeLongMin">The long side is resized to a uniform integer from here ...</param>
/// <param name="resizeLongMax">... to here, both included.</param>
/// <param name="normalisation">ImageNet's where none is given.</param>
public sealed class CamAugmentation(
    int cropSize,
    int resizeLongMin,
    int resizeLongMax,
    double flipProbability = 0.5,
    Normalisation? normalisation = null) : IAugmentation
{
    private readonly Normalisation _normalisation = normalisation ?? Normalisation.ImageNet;

    public (int Channels, int Height, int Width) Shape => (3, cropSize, cropSize);

    public double Surplus(ImageSize image) => (double)image.Long / resizeLongMax;

    public void Apply(ImageBuffer image, RandomStream random, Span<float> target)
    {
        // 1. Long side to a random length, PIL's bicubic.
        var resized = ImageTransforms.ResizeLong(image, random.Integer(resizeLongMin, resizeLongMax));

        // 3. Horizontal flip.
        var flip = random.Chance(flipProbability);

        // 4. Random crop: a random window of a larger image; a smaller one at a random place in a canvas of zeros.
        var box = CropBox.Place(resized.Size, cropSize, free => random.Integer(0, free));

        // 2. Normalisation, done last: pixel by pixel it gives the same in any order, and here it touches the crop only.
        _normalisation.CropToPlanes(resized, box, target, flip);
    }
}
