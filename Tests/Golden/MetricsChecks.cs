using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Golden;

/// <summary>Confusion matrices and IoU, against chainercv, IRN, CLIMS, deeplab-pytorch and SimSeg.</summary>
public static class MetricsChecks
{
    [GoldenCheck("metrics", "all-classes")]
    [GoldenCheck("metrics", "absent-classes")]
    [GoldenCheck("metrics", "perfect")]
    [GoldenCheck("metrics", "mostly-ignored")]
    internal static void Scores(GoldenCase golden)
    {
        var tolerance = golden.Tolerance("abs");
        var labels = (int)golden.Array("simseg_union").Shape[0];
        var matrix = Confusion(golden.Array("label"), golden.Array("pred"), labels);
        foreach (var evaluation in (string[])["eval_cam", "eval_sem_seg"])
        {
            SameConfusion(golden.Array($"{evaluation}_confusion"), matrix);
            var iou = golden.Numbers(evaluation, "iou");
            GoldenAssert.Close(iou, PerClassIou(matrix)[..iou.Length], tolerance, $"{evaluation} IoU");
            GoldenAssert.Close(golden.Number(evaluation, "miou"), matrix.MeanIou, tolerance, $"{evaluation} mIoU");
            var errors = CamErrors.Of(Confusion(golden.Array("label"), golden.Array("pred"), iou.Length));
            GoldenAssert.Close(
                [.. ((string[])["fp0", "fn0", "mean_fp_fg", "mean_fn_fg", "among_predfg_bg"]).Select(name => golden.Number(evaluation, name))],
                [errors.BackgroundFalsePositives, errors.BackgroundFalseNegatives, errors.ForegroundFalsePositives, errors.ForegroundFalseNegatives,
                    errors.BackgroundAmongForeground],
                tolerance,
                $"{evaluation} errors");
        }

        var deepLab = DeepLabScores.Of(matrix);
        GoldenAssert.Close(golden.Number("deeplab_scores", "Pixel Accuracy"), deepLab.PixelAccuracy, tolerance, "pixel accuracy");
        GoldenAssert.Close(golden.Number("deeplab_scores", "Mean Accuracy"), deepLab.MeanAccuracy, tolerance, "mean accuracy");
        GoldenAssert.Close(golden.Number("deeplab_scores", "Frequency Weighted IoU"), deepLab.FrequencyWeightedIou, tolerance,
            "frequency-weighted IoU");
        GoldenAssert.Close(golden.Number("deeplab_scores", "Mean IoU"), deepLab.MeanIou, tolerance, "deeplab mIoU");
        GoldenAssert.Close(
            [.. Enumerable.Range(0, labels).Select(label => golden.Number("deeplab_scores", "Class IoU", $"{label}"))], PerClassIou(matrix),
            tolerance, "deeplab IoU");

        GoldenAssert.Close(golden.Array("simseg_intersection").AsDouble(),
            [.. Enumerable.Range(0, labels).Select(label => (double)matrix.Intersection(label))], 0, "SimSeg intersection");
        GoldenAssert.Close(golden.Array("simseg_union").AsDouble(), [.. Enumerable.Range(0, labels).Select(label => (double)matrix.Union(label))], 0,
            "SimSeg union");
        GoldenAssert.Close(golden.Numbers("simseg", "iou"), PerClassIou(matrix), tolerance, "SimSeg IoU");
        GoldenAssert.Close(golden.Number("simseg", "miou"), matrix.MeanIou, tolerance, "SimSeg mIoU");
    }

    /// <summary>The references count such predictions somewhere else or drop them; ours refuses them.</summary>
    [GoldenCheck("metrics", "out-of-range-prediction")]
    internal static void OutOfRangePrediction(GoldenCase golden)
    {
        foreach (var suffix in (string[])["", "2"])
        {
            var matrix = new ConfusionMatrix((int)golden.Array("fast_hist").Shape[0]);
            var error = Assert.Throws<ArgumentException>(() =>
                matrix.Add(Maps(golden.Array($"label{suffix}")).Single(), Maps(golden.Array($"pred{suffix}")).Single()));
            Assert.Contains("prediction has label", error.Message, StringComparison.Ordinal);
            Assert.Equal(0, matrix.Total);
        }
    }

    [GoldenCheck("metrics", "cam-threshold-argmax")]
    internal static void CamThresholdArgmax(GoldenCase golden)
    {
        var cam = golden.Array("cam");
        var classes = golden.Json.GetProperty("keys").EnumerateArray().Select(key => key.GetInt32()).ToArray();
        var threshold = golden.Json.GetProperty("threshold").GetDouble();
        var (height, width) = ((int)cam.Shape[1], (int)cam.Shape[2]);
        var expected = golden.Array("pred").UInt8;

        GoldenAssert.Same(expected, SeedLabels.FromCam(cam.Float32, classes, width, height, threshold).Labels, "seed labels");

        // The sweep must agree with them at this threshold: scored against the expected labels, every pixel is right.
        var swept = new ThresholdSweep(classes.Max() + 2, [threshold]).Score(cam.Float32, classes, new(width, height, expected)).At(0);
        Assert.All(swept.Cells, cell => Assert.Equal(cell.Truth, cell.Prediction));
    }

    [GoldenCheck("metrics", "ir-label-combination")]
    internal static void IrLabelCombination(GoldenCase golden) => GoldenAssert.Same(
        golden.Array("conf").UInt8,
        SeedLabels.CombineConfident(Maps(golden.Array("fg_conf")).Single(), Maps(golden.Array("bg_conf")).Single()).Labels, "IR label");

    private static ConfusionMatrix Confusion(NpyArray truth, NpyArray prediction, int labels)
    {
        var matrix = new ConfusionMatrix(labels);
        foreach (var (label, predicted) in Maps(truth).Zip(Maps(prediction)))
            matrix.Add(label, predicted);
        return matrix;
    }

    /// <summary>The label maps of a <c>[H, W]</c> or <c>[N, H, W]</c> array.</summary>
    private static IEnumerable<LabelMap> Maps(NpyArray array)
    {
        var (height, width) = ((int)array.Shape[^2], (int)array.Shape[^1]);
        return array.AsDouble().Chunk(height * width).Select(labels => new LabelMap(width, height, Array.ConvertAll(labels, label => (byte)label)));
    }

    /// <summary>chainercv's matrix only reaches up to the largest label that occurs.</summary>
    private static void SameConfusion(NpyArray expected, ConfusionMatrix actual)
    {
        var size = (int)expected.Shape[0];
        GoldenAssert.Same(expected.Int64, [.. Enumerable.Range(0, size * size).Select(index => actual[index / size, index % size])], "confusion");
    }

    private static double[] PerClassIou(ConfusionMatrix matrix) => [.. matrix.PerClassIou.Select(iou => iou ?? double.NaN)];
}
