using System.Diagnostics;
using System.Text.Json;
using Dashboard.Backend.Postprocess;

namespace Dashboard.Bench;

/// <summary>Lattices and mean field on a device and on the processor, in turn.</summary>
internal static class DeviceComparison
{
    public static void Print(string device, int threads, int rounds, int width, int height, int labels)
    {
        var scene = new MadeScene(width, height, labels);
        var unary = DenseCrfUnary.FromProbabilities(scene.Probabilities, labels);
        (string Name, DenseCrfSettings Settings)[] all =
            [("IRN's settings", DenseCrfSettings.IrnLabel), ("DeepLab's settings", DenseCrfSettings.DeepLab)];
        Console.WriteLine(JsonSerializer.Serialize(all.Select(of =>
        {
            var (onDevice, onProcessor, difference) = (new List<double>(), new List<double>(), 0f);
            for (var round = 0; round <= rounds; round++)
            {
                var (there, here) = (Infer(of.Settings, device, onDevice), Infer(of.Settings, DenseCrf.Processor, onProcessor));
                difference = there.Zip(here).Max(pair => Math.Abs(pair.First - pair.Second));
            }
            // The first round compiles and warms up.
            return new { settings = of.Name, device = Median(onDevice[1..]), processor = Median(onProcessor[1..]), difference };
        })));

        float[] Infer(DenseCrfSettings settings, string where, List<double> seconds)
        {
            var watch = Stopwatch.StartNew();
            using var crf = new DenseCrf(scene.Image, settings, threads, where);
            var marginals = crf.Marginals(unary, labels);
            seconds.Add(watch.Elapsed.TotalSeconds);
            return marginals;
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
