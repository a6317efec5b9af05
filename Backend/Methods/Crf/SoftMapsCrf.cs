using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Psa;
using Dashboard.Backend.Postprocess;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Crf;

/// <summary>Labels of an image from soft maps by a dense CRF, on one thread or a GPU: images are refined beside each other.</summary>
internal sealed class SoftMapsCrf(CrfOptions options, string device)
{
    private readonly DenseCrfSettings _settings = new(
        options.Iterations,
        PairwiseKernel.Gaussian((float)options.SmoothnessWidth, (float)options.SmoothnessWeight),
        PairwiseKernel.Bilateral((float)options.AppearanceWidth, (float)options.AppearanceColour, (float)options.AppearanceWeight));

    /// <param name="maps">At the image's size; without any, all of the image is background.</param>
    public LabelMap Labels(ImageBuffer image, SoftCam maps)
    {
        if (maps.Classes.Count == 0)
            return new(image.Width, image.Height, new byte[image.Width * image.Height]);
        using var crf = new DenseCrf(image, _settings, threads: 1, device);
        var positions = crf.Labels(Unary(maps), 1 + maps.Classes.Count);
        return new(image.Width, image.Height,
            Array.ConvertAll(positions.Labels,
            position => position == LabelMap.Background ? LabelMap.Background : (byte)(maps.Classes[position - 1] + 1)));
    }

    /// <returns><c>[1 + classes, pixels]</c>, the background first.</returns>
    private float[] Unary(SoftCam maps)
    {
        var (classes, pixels) = (maps.Classes.Count, maps.Width * maps.Height);
        switch (options.Probabilities)
        {
            case CrfProbabilities.Labels:
                var seeds = SeedLabels.FromCam(maps.Maps, [.. Enumerable.Range(0, classes)], maps.Width, maps.Height, options.Background);
                return DenseCrfUnary.FromLabels(seeds.Labels, 1 + classes);
            case CrfProbabilities.Alpha:
                return DenseCrfUnary.FromProbabilities([.. PsaWalk.Background(maps.Maps, classes, pixels, options.Alpha), .. maps.Maps], 1 + classes);
            default:
                var scores = new float[(1 + classes) * pixels];
                Array.Fill(scores, (float)options.Background, 0, pixels);
                maps.Maps.CopyTo(scores, pixels);
                return DenseCrfUnary.FromProbabilities(Softmax(scores, 1 + classes, pixels, (float)options.Sharpness), 1 + classes);
        }
    }

    /// <summary>Of sharpness · scores, pixel by pixel.</summary>
    private static float[] Softmax(float[] scores, int labels, int pixels, float sharpness)
    {
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var (largest, sum) = (float.NegativeInfinity, 0f);
            for (var label = 0; label < labels; label++)
                largest = Math.Max(largest, scores[label * pixels + pixel]);
            for (var label = 0; label < labels; label++)
                sum += scores[label * pixels + pixel] = MathF.Exp(sharpness * (scores[label * pixels + pixel] - largest));
            for (var label = 0; label < labels; label++)
                scores[label * pixels + pixel] /= sum;
        }
        return scores;
    }
}
