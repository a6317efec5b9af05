using Dashboard.Backend.Images;
using Dashboard.Backend.Postprocess;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>CAMs and their background, moved to the image's edges by a CRF (PSA, section 3.2; <c>_crf_with_alpha</c> of infer_cls.py).</summary>
public static class PsaCrf
{
    /// <summary>α for confident classes: amplifies the background, so that what is left of the classes is sure.</summary>
    public const double LowAlpha = 4;

    /// <summary>α for confident background: weakens the background, so that what is left of it is sure.</summary>
    public const double HighAlpha = 32;

    /// <param name="cams"><c>[classes, Height, Width]</c>, 0..1, at the image's size.</param>
    /// <param name="threads">Of the CRF; 0: one a processor.</param>
    /// <param name="device">Of the CRF.</param>
    /// <returns>Marginals of background and classes, <c>[1 + classes, Height, Width]</c>.</returns>
    public static float[] Scores(ImageBuffer image, ReadOnlySpan<float> cams, int classes, double alpha, int threads = 0,
        string device = DenseCrf.Processor)
    {
        // As in the authors' code the maps are not normalised to probabilities.
        float[] all = [.. PsaWalk.Background(cams, classes, image.Width * image.Height, alpha), .. cams];
        using var crf = new DenseCrf(image, DenseCrfSettings.PsaCam, threads, device);
        return crf.Marginals(DenseCrfUnary.FromProbabilities(all, 1 + classes), 1 + classes);
    }
}
