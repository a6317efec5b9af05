using System.Runtime.InteropServices;
using System.Text.Json;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Postprocess;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Scripts;

/// <summary>Numbers of the dashboard's own code, one JSON file a subject, for the pages' scripts to be held against.</summary>
internal static class ExpectedNumbers
{
    private const int Width = 24;
    private const int Height = 18;

    public static void WriteAll(string folder)
    {
        Write("confusion", Confusion());
        Write("palette", Palette());
        Write("composition", Compositions());
        Write("soft-maps", SoftMaps());
        Write("series", Series());

        void Write(string name, object value) =>
            File.WriteAllText(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(value, RunJson.Line));
    }

    /// <summary>Four labels of which the last occurs nowhere; a tenth of the truth is undecided.</summary>
    private static object Confusion()
    {
        var random = new Random(1);
        var truth = Labels(() => random.Next(10) == 0 ? LabelMap.Ignore : (byte)random.Next(3));
        var prediction = Labels(() => (byte)random.Next(3));
        var matrix = new ConfusionMatrix(4);
        matrix.Add(truth, prediction);
        return new { truth = truth.Labels, prediction = prediction.Labels, labels = matrix.Labels, iou = matrix.PerClassIou, mean = matrix.MeanIou };
    }

    private static object Palette() => new
    {
        voc = Enumerable.Range(0, 256).Select(label => VocPalette.Colour((byte)label)).Select(colour => new int[] { colour.R, colour.G, colour.B }),
        heat = Enumerable.Range(0, 256).Select(level => HeatOverlay.Colour(level / 255.0)).Select(colour => new[] { colour.R, colour.G, colour.B }),
    };

    private static IEnumerable<object> Compositions() =>
    [
        Composition("some classes reach the threshold", factor: 0.5, bestAlways: false),
        Composition("none reaches it", factor: 9, bestAlways: false),
        Composition("none reaches it and the best one counts", factor: 9, bestAlways: true),
        Composition("all reach it", factor: -9, bestAlways: false),
    ];

    /// <summary>Masks at half the size of the image, on which classes lie over each other.</summary>
    private static object Composition(string name, double factor, bool bestAlways)
    {
        var random = new Random(7);
        string[] names = ["background", "boat", "train", "bird", "plane"];
        float[] scores = [.. names.Select(_ => random.NextSingle())];
        var options = new ZeroShotOptions { ThresholdFactor = factor, BestAlways = bestAlways, TopClasses = names.Length, Candidates = names.Length };
        var selection = ClassSelection.Of(scores, hasBackground: true, options);
        var responses = selection.Candidates.Select(row => new ClassResponse(
            row, row, scores[row], new float[Width * Height], Mask(random), Mask(random))).ToList();
        var composed = ZeroShotSegmenter.Compose(responses.Where(response => selection.Selected.Contains(response.Row)), new(Width, Height));
        var report = new SegmentReport(
            "model", 2 * Width, 2 * Height, Width, Height, 1, 1, names, true, scores, selection, MemoryMarshal.AsBytes<float>(new float[names.Length]).ToArray(),
            [.. responses.Select(response => new SegmentCandidate(response.Row, response.Label, new byte[Width * Height], response.Mask))], [], [], [], [], 0, 0);
        return new
        {
            name, report, factor, bestAlways, selected = selection.Selected,
            labels = LabelResize.Nearest(composed, new(2 * Width, 2 * Height)).Labels,
        };
    }

    /// <summary>In half precision, with thresholds that values stand on exactly.</summary>
    private static object SoftMaps()
    {
        var random = new Random(3);
        int[] classes = [0, 3];
        float[] maps = [.. Enumerable.Range(0, classes.Length * Width * Height).Select(_ => (float)(Half)(random.Next(65) / 64f))];
        using var file = new MemoryStream();
        SoftCamFile.Write(file, new SoftCam(Width, Height, classes, maps), half: true);
        return new
        {
            file = file.ToArray(), width = Width, height = Height, classes,
            seeds = new[] { 0, 0.15, 0.5, 1 }.Select(threshold =>
                new { threshold, labels = SeedLabels.FromCam(maps, classes, Width, Height, threshold).Labels }),
        };
    }

    /// <summary>A curve, and what a chart of fifty pixels is sent of it.</summary>
    private static object Series()
    {
        var random = new Random(5);
        var column = new MetricColumn();
        for (var step = 0; step < 1000; step++)
            column.Add(step, DateTimeOffset.UnixEpoch.AddSeconds(step), random.NextDouble());
        return new { full = Thin(int.MaxValue), thinned = Thin(50) };

        object Thin(int buckets)
        {
            var series = column.Thin("run", "loss", 0, long.MaxValue, buckets);
            return new { steps = series.Steps, times = series.Times, last = series.Last, min = series.Min, max = series.Max, points = series.Points };
        }
    }

    private static LabelMap Labels(Func<byte> next) => new(Width, Height, [.. Enumerable.Range(0, Width * Height).Select(_ => next())]);

    private static byte[] Mask(Random random) => [.. Enumerable.Range(0, Width * Height).Select(_ => (byte)random.Next(2))];
}
