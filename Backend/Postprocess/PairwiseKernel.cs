using Dashboard.Backend.Images;

namespace Dashboard.Backend.Postprocess;

/// <summary>Where a kernel's filter is divided by the sum of its weights (pydensecrf's NormalizationType).</summary>
public enum KernelNormalisation
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>The input, by K1.</summary>
    Before,

    /// <summary>The output, by K1.</summary>
    After,

    /// <summary>Input and output, each by sqrt(K1). pydensecrf's default.</summary>
    Symmetric,
}

/// <summary>One Gaussian pairwise kernel with Potts compatibility. Standard deviations are above 0.</summary>
/// <param name="X">Standard deviation along x, in pixels.</param>
/// <param name="Y">Standard deviation along y, in pixels.</param>
/// <param name="Colour">Standard deviation of each colour channel, in 8-bit levels; null: position alone (the smoothness kernel).</param>
/// <param name="Weight">Potts weight w (pydensecrf's <c>compat</c>).</param>
public sealed record PairwiseKernel(float X, float Y, float? Colour, float Weight, KernelNormalisation Normalisation = KernelNormalisation.Symmetric)
{
    /// <summary>pydensecrf's <c>addPairwiseGaussian(sxy, compat)</c>.</summary>
    public static PairwiseKernel Gaussian(float sxy, float weight) => new(sxy, sxy, null, weight);

    /// <summary>pydensecrf's <c>addPairwiseBilateral(sxy, srgb, rgbim, compat)</c>.</summary>
    public static PairwiseKernel Bilateral(float sxy, float srgb, float weight) => new(sxy, sxy, srgb, weight);

    /// <summary>x and y, then red, green and blue for a kernel over colours, each divided by its standard deviation.</summary>
    /// <param name="image">RGB.</param>
    internal float[][] Features(ImageBuffer image)
    {
        var features = new float[Colour is null ? 2 : 5][];
        for (var i = 0; i < features.Length; i++)
            features[i] = GC.AllocateUninitializedArray<float>(image.Width * image.Height);
        for (int y = 0, pixel = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++, pixel++)
            {
                (features[0][pixel], features[1][pixel]) = (x / X, y / Y);
                if (Colour is { } colour)
                    for (var channel = 0; channel < 3; channel++)
                        features[2 + channel][pixel] = image.Pixels[3 * pixel + channel] / colour;
            }
        }

        return features;
    }
}
