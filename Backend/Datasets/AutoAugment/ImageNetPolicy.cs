using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using static Dashboard.Backend.Datasets.AutoAugment.Operation;

namespace Dashboard.Backend.Datasets.AutoAugment;

/// <summary>
/// The policy that AutoAugment found on ImageNet (Cubuk et al., CVPR 2019, table 9), with which SimSeg trains: of 25 sub-policies one is drawn for an
/// image, and each of its two operations is applied with its probability. Five of the sub-policies are listed twice, and one never applies its first
/// operation, as published.
/// </summary>
public static class ImageNetPolicy
{
    /// <summary>
    /// Operation, probability, number of the magnitude; AutoContrast, Equalize and Invert have no magnitude, whatever number the paper prints.
    /// </summary>
    public static IReadOnlyList<(Step First, Step Second)> SubPolicies { get; } =
    [
        (new(Posterize, 0.4, 8), new(Rotate, 0.6, 9)),
        (new(Solarize, 0.6, 5), new(AutoContrast, 0.6, 5)),
        (new(Equalize, 0.8, 8), new(Equalize, 0.6, 3)),
        (new(Posterize, 0.6, 7), new(Posterize, 0.6, 6)),
        (new(Equalize, 0.4, 7), new(Solarize, 0.2, 4)),

        (new(Equalize, 0.4, 4), new(Rotate, 0.8, 8)),
        (new(Solarize, 0.6, 3), new(Equalize, 0.6, 7)),
        (new(Posterize, 0.8, 5), new(Equalize, 1.0, 2)),
        (new(Rotate, 0.2, 3), new(Solarize, 0.6, 8)),
        (new(Equalize, 0.6, 8), new(Posterize, 0.4, 6)),

        (new(Rotate, 0.8, 8), new(Color, 0.4, 0)),
        (new(Rotate, 0.4, 9), new(Equalize, 0.6, 2)),
        (new(Equalize, 0.0, 7), new(Equalize, 0.8, 8)),
        (new(Invert, 0.6, 4), new(Equalize, 1.0, 8)),
        (new(Color, 0.6, 4), new(Contrast, 1.0, 8)),

        (new(Rotate, 0.8, 8), new(Color, 1.0, 2)),
        (new(Color, 0.8, 8), new(Solarize, 0.8, 7)),
        (new(Sharpness, 0.4, 7), new(Invert, 0.6, 8)),
        (new(ShearX, 0.6, 5), new(Equalize, 1.0, 9)),
        (new(Color, 0.4, 0), new(Equalize, 0.6, 3)),

        (new(Equalize, 0.4, 7), new(Solarize, 0.2, 4)),
        (new(Solarize, 0.6, 5), new(AutoContrast, 0.6, 5)),
        (new(Invert, 0.6, 4), new(Equalize, 1.0, 8)),
        (new(Color, 0.6, 4), new(Contrast, 1.0, 8)),
        (new(Equalize, 0.8, 8), new(Equalize, 0.6, 3)),
    ];

    /// <param name="image">RGB; not changed.</param>
    /// <returns>Of the same size; the image itself where nothing is applied.</returns>
    public static ImageBuffer Apply(ImageBuffer image, RandomStream random)
    {
        var (first, second) = random.Pick(SubPolicies);
        return second.Apply(first.Apply(image, random), random);
    }

    /// <summary>An operation, applied with a probability.</summary>
    /// <param name="Number">Of the magnitude, 0 to 9.</param>
    public sealed record Step(Operation Operation, double Probability, int Number)
    {
        public ImageBuffer Apply(ImageBuffer image, RandomStream random)
        {
            if (!random.Chance(Probability))
                return image;
            var negated = Operation.EitherSign && random.Chance(0.5);
            return Operation.Apply(image, negated ? -Operation.Magnitude(Number) : Operation.Magnitude(Number));
        }
    }
}
