using System.Globalization;
using Dashboard.Backend.Images;
using Dashboard.Backend.Postprocess;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Golden;

/// <summary>Mean field with permutohedral lattices, against pydensecrf and the scripts of CLIMS and SimSeg that call it.</summary>
public static class DenseCrfChecks
{
    private const int Threads = 2;

    [GoldenCheck("densecrf", "irn")]
    [GoldenCheck("densecrf", "deeplab")]
    [GoldenCheck("densecrf", "simseg")]
    internal static void Marginals(GoldenCase golden)
    {
        var (gaussian, bilateral) = (golden.Json.GetProperty("gaussian"), golden.Json.GetProperty("bilateral"));
        var labels = golden.Json.GetProperty("n_labels").GetInt32();
        var settings = new DenseCrfSettings(
            10,
            PairwiseKernel.Gaussian(gaussian.GetProperty("sxy").GetSingle(), gaussian.GetProperty("compat").GetSingle()),
            PairwiseKernel.Bilateral(bilateral.GetProperty("sxy").GetSingle(), bilateral.GetProperty("srgb").GetSingle(),
                bilateral.GetProperty("compat").GetSingle()));
        var unary = DenseCrfUnary.FromProbabilities(golden.Array("probs").Float32, labels);
        // q5 and argmax5 are what five iterations give.
        Assert.Contains(golden.ArrayNames, name => name[0] == 'q');
        foreach (var crf in OnHostAndDevice(golden, settings))
            foreach (var array in golden.ArrayNames.Where(name => name[0] == 'q' || name.StartsWith("argmax", StringComparison.Ordinal)))
            {
                var iterations = int.Parse(array.AsSpan(array[0] == 'q' ? 1 : "argmax".Length), CultureInfo.InvariantCulture);
                if (array[0] == 'q')
                    GoldenAssert.Close(golden.Array(array).Float32, crf.Marginals(unary, labels, iterations), golden.Tolerance("marginals_abs"),
                        $"marginals after {iterations} iterations");
                else
                    Agree(golden.Array(array).AsDouble(), crf.Labels(unary, labels, iterations), golden.Tolerance("argmax_agreement"),
                        $"labels after {iterations} iterations");
            }
    }

    /// <summary>
    /// Each kernel, scale and normalisation alone. The case does not tell the weights: 3 for the Gaussian, 10 for the bilateral, 1 where the
    /// normalisation varies.
    /// </summary>
    [GoldenCheck("densecrf", "components")]
    internal static void Components(GoldenCase golden)
    {
        var labels = golden.Json.GetProperty("n_labels").GetInt32();
        var unary = DenseCrfUnary.FromProbabilities(golden.Array("probs").Float32, labels);
        var gaussian = PairwiseKernel.Gaussian(3, 3);
        Check("q0", gaussian, 0);
        Check("q1_gauss_sxy3", gaussian, 1);
        Check("q1_bilateral_50_5", PairwiseKernel.Bilateral(50, 5, 10), 1);
        Check("q3_gauss_aniso", gaussian with { X = 2, Y = 5 }, 3);
        Check("q2_gauss_NO_NORMALIZATION", gaussian with { Weight = 1, Normalisation = KernelNormalisation.None }, 2);
        Check("q2_gauss_NORMALIZE_BEFORE", gaussian with { Weight = 1, Normalisation = KernelNormalisation.Before }, 2);
        Check("q2_gauss_NORMALIZE_AFTER", gaussian with { Weight = 1, Normalisation = KernelNormalisation.After }, 2);

        void Check(string array, PairwiseKernel kernel, int iterations)
        {
            foreach (var crf in OnHostAndDevice(golden, new(iterations, kernel)))
                GoldenAssert.Close(golden.Array(array).Float32, crf.Marginals(unary, labels), golden.Tolerance("marginals_abs"), array);
        }
    }

    [GoldenCheck("densecrf", "crf_inference_label")]
    internal static void LabelRefinement(GoldenCase golden)
    {
        var labels = golden.Value("n_labels").GetInt32();
        var array = golden.Array("labels");
        var (height, width) = ((int)array.Shape[0], (int)array.Shape[1]);
        var map = new LabelMap(width, height, Array.ConvertAll(array.Int64, label => (byte)label));
        GoldenAssert.Close(golden.Array("unary").Float32, DenseCrfUnary.FromLabels(map.Labels, labels), 1e-5, "unary");

        foreach (var crf in OnHostAndDevice(golden, DenseCrfSettings.IrnLabel))
        {
            Agree(golden.Array("result").AsDouble(), crf.Refine(map, labels), golden.Tolerance("argmax_agreement"), "refined labels");
            foreach (var name in golden.ArrayNames.Where(name => name.StartsWith("result_t", StringComparison.Ordinal)))
                Agree(golden.Array(name).AsDouble(),
                    crf.Refine(map, labels, iterations: int.Parse(name["result_t".Length..], CultureInfo.InvariantCulture)),
                    golden.Tolerance("argmax_agreement"), name);

            // With one label the reference divides by zero; ours leaves the background as it is.
            Assert.All(crf.Refine(new(width, height, new byte[width * height]), 1).Labels, label => Assert.Equal(LabelMap.Background, label));
        }
    }

    [GoldenCheck("densecrf", "simseg-dense_crf")]
    internal static void Foreground(GoldenCase golden)
    {
        var unary = DenseCrfUnary.FromForeground(golden.Array("prob").Float32);
        foreach (var crf in OnHostAndDevice(golden, DenseCrfSettings.SimSeg))
            Agree(golden.Array("result").AsDouble(), crf.Labels(unary, 2), golden.Tolerance("argmax_agreement"), "mask");
    }

    [GoldenCheck("densecrf", "unary-helpers")]
    internal static void Unaries(GoldenCase golden)
    {
        var (probabilities, tolerance) = (golden.Array("probs"), golden.Tolerance("abs"));
        var classes = (int)probabilities.Shape[0];
        GoldenAssert.Close(golden.Array("unary_from_softmax").Float32, DenseCrfUnary.FromProbabilities(probabilities.Float32, classes), tolerance,
            "from softmax");
        GoldenAssert.Close(golden.Array("unary_from_softmax_scale0_7").Float32, DenseCrfUnary.FromProbabilities(probabilities.Float32, classes, 0.7f),
            tolerance, "from softmax, scale 0.7");

        var labels = Array.ConvertAll(golden.Array("labels").Int64, label => (byte)label);
        var sure = golden.Array("unary_from_labels_zero_sure");
        GoldenAssert.Close(sure.Float32, DenseCrfUnary.FromLabels(labels, (int)sure.Shape[0]), tolerance, "from labels");

        // pydensecrf's zero_unsure: 0 is unsure and label k + 1 becomes k. Ours has 255 for unsure.
        var shifted = Array.ConvertAll(labels, label => (byte)(label - 1));
        var unsure = golden.Array("unary_from_labels_zero_unsure");
        GoldenAssert.Close(unsure.Float32, DenseCrfUnary.FromLabels(shifted, (int)unsure.Shape[0], unsure: LabelMap.Ignore), tolerance,
            "from labels, unsure");
    }

    /// <summary>The processor's own, and the tensor operations of a GPU, here or where the tests run.</summary>
    private static IEnumerable<DenseCrf> OnHostAndDevice(GoldenCase golden, DenseCrfSettings settings)
    {
        yield return new DenseCrf(Image(golden), settings, Threads);
        using var onDevice = DenseCrf.OnTensors(Image(golden), settings, TestDevice.Current);
        yield return onDevice;
    }

    private static ImageBuffer Image(GoldenCase golden)
    {
        var image = golden.Array("image");
        return new((int)image.Shape[1], (int)image.Shape[0], 3, image.UInt8);
    }

    private static void Agree(double[] expected, LabelMap actual, double atLeast, string what)
    {
        Assert.Equal(expected.Length, actual.Labels.Length);
        var agreement = expected.Zip(actual.Labels).Count(pair => pair.First == pair.Second) / (double)expected.Length;
        Assert.True(agreement >= atLeast, $"{what}: {agreement:P2} of the pixels agree, {atLeast:P2} needed.");
    }
}
