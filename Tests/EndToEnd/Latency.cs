using System.Text.Json;
using Xunit.Abstractions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>What a page has measured of itself.</summary>
internal static class Latency
{
    /// <summary>Printed, kept, not asserted: a busy machine is not a fault.</summary>
    /// <param name="file">Among <see cref="Chromium.Artifacts"/>, without its ending.</param>
    public static void Report(ITestOutputHelper output, string what, double[] milliseconds, string file)
    {
        var sorted = milliseconds.Order().ToArray();
        double At(double fraction) => sorted[(int)Math.Round(fraction * (sorted.Length - 1))];
        var sentence = $"{what}, {sorted.Length} events: p50 {At(0.5):0.0} ms, p95 {At(0.95):0.0} ms, worst {sorted[^1]:0.0} ms";
        output.WriteLine(sentence);
        Console.WriteLine(sentence);
        File.WriteAllText(Path.Combine(Chromium.Artifacts, $"{file}.json"),
            JsonSerializer.Serialize(new { Events = sorted.Length, P50 = At(0.5), P95 = At(0.95), Worst = sorted[^1] }));
    }
}
