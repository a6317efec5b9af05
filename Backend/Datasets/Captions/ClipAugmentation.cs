using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.AutoAugment;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Captions;

/// <summary>
/// CLIP's preprocessing or a random resized crop, AutoAugment's ImageNet policy where asked for, a random flip, and random erasing (Zhong et al.,
/// AAAI 2020): one or two rectangles become the mean colour, as whatever CLIMS masks does, so that a CLIP which has learnt with it judges masked
/// images too.
/// </summary>
/// <param name="side">Of the square images, in pixels.</param>
/// <param name="cropScale">Smallest share of an image's area that a random resized crop keeps; 1 crops nothing.</param>
/// <param name="autoAugment">
/// What is cropped goes through <see cref="ImageNetPolicy"/>, the order of SimSeg's authors; otherwise the stream is drawn from as if there were
/// none.
/// </param>
public sealed class ClipAugmentation(int side, double cropScale, bool autoAugment, double flipProbability, double eraseProbability,
    Normalisation normalisation) : IAugmentation
{
    private const int MostRectangles = 2;

    // Of a rectangle's sides, as shares of the image's.
    private const float Shortest = 0.2f;
    private const float Longest = 0.6f;

    public (int Channels, int Height, int Width) Shape => (3, side, side);

    public double Surplus(ImageSize image) => image.Short * RandomResizedCrop.ShortestSide(cropScale) / side;

    public void Apply(ImageBuffer image, RandomStream random, Span<float> target)
    {
        var flip = random.Chance(flipProbability);
        var crop = cropScale < 1 ? RandomResizedCrop.Apply(image, side, cropScale, random) : ClipPreprocess.ResizeAndCrop(image, side);
        normalisation.ToPlanes(autoAugment ? ImageNetPolicy.Apply(crop, random) : crop, target, flip);
        if (!random.Chance(eraseProbability))
            return;
        for (var rectangles = random.Integer(1, MostRectangles); rectangles > 0; rectangles--)
            Erase(target, random);
    }

    private void Erase(Span<float> planes, RandomStream random)
    {
        var height = (int)(side * random.Uniform(Shortest, Longest));
        var width = (int)(side * random.Uniform(Shortest, Longest));
        var (top, left) = (random.Integer(0, side - height), random.Integer(0, side - width));
        for (var plane = 0; plane < 3; plane++)
            for (var y = top; y < top + height; y++)
                planes.Slice((plane * side + y) * side + left, width).Clear();
    }
}
