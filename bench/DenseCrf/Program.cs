using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Dashboard.Backend.Postprocess;
using Dashboard.Bench;

// Ours against the stand-in for pydensecrf's C++ core, in turn on the same made picture. dense-crf STAND_IN THREADS ROUNDS [WIDTH HEIGHT LABELS]
// A device against the processor, as JSON: dense-crf device DEVICE THREADS ROUNDS WIDTH HEIGHT LABELS
if (args[0] == "device")
{
    DeviceComparison.Print(args[1], int.Parse(args[2]), int.Parse(args[3]), int.Parse(args[4]), int.Parse(args[5]), int.Parse(args[6]));
    return;
}
var (standIn, threads, rounds) = (args[0], int.Parse(args[1]), int.Parse(args[2]));
var (width, height, labels) = args.Length > 3 ? (int.Parse(args[3]), int.Parse(args[4]), int.Parse(args[5])) : (500, 375, 21);

var scene = new MadeScene(width, height, labels);
var unary = DenseCrfUnary.FromProbabilities(scene.Probabilities, labels);
var folder = Directory.CreateTempSubdirectory("dense-crf");
try
{
    File.WriteAllBytes($"{folder}/image", scene.Image.Pixels);
    File.WriteAllBytes($"{folder}/unary", MemoryMarshal.AsBytes<float>(unary));

    foreach (
        var (name, settings) in (ReadOnlySpan<(string, DenseCrfSettings)>)[("IRN", DenseCrfSettings.IrnLabel), ("DeepLab", DenseCrfSettings.DeepLab)])
    {
        var (ours, theirs) = (new List<Seconds>(), new List<Seconds>());
        var difference = 0f;
        Ours(settings); // compiled and warm, as in a run over a whole split
        for (var round = 0; round < rounds; round++)
        {
            var (seconds, marginals) = Ours(settings);
            ours.Add(seconds);
            theirs.Add(StandIn(settings));
            var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes($"{folder}/marginals"));
            for (var i = 0; i < marginals.Length; i++)
                difference = Math.Max(difference, Math.Abs(marginals[i] - expected[i]));
        }

        Console.WriteLine($"{name}: ours, {threads} threads {Times(ours)}; stand-in, 1 thread {Times(theirs)}");
        Console.WriteLine(
            $"{name}: ours is {Median(ours.Zip(theirs, (a, b) => b.Wall / a.Wall)):F2}x as fast "
            + $"({Median(ours.Zip(theirs, (a, b) => b.Cpu / a.Cpu)):F2}x by CPU time), median of {rounds} paired rounds; largest difference "
            + $"{difference:E1}");
    }
}
finally
{
    folder.Delete(recursive: true);
}

double Median(IEnumerable<double> values) => values.Order().ElementAt(rounds / 2);

string Times(List<Seconds> times) =>
    $"{Median(times.Select(time => time.Wall)):F3} s (lattices {Median(times.Select(time => time.Lattices)):F3}, iterations "
    + $"{Median(times.Select(time => time.Iterations)):F3}; CPU {Median(times.Select(time => time.Cpu)):F3})";

(Seconds Seconds, float[] Marginals) Ours(DenseCrfSettings settings)
{
    var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
    var crf = new DenseCrf(scene.Image, settings, threads);
    var lattices = watch.Elapsed.TotalSeconds;
    var marginals = crf.Marginals(unary, labels);
    return (new(lattices, watch.Elapsed.TotalSeconds - lattices, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds), marginals);
}

Seconds StandIn(DenseCrfSettings settings)
{
    var (gaussian, bilateral) = (settings.Kernels[0], settings.Kernels[1]);
    using var process = Process.Start(new ProcessStartInfo(standIn,
        [folder.FullName, $"{width}", $"{height}", $"{labels}", $"{settings.Iterations}", $"{gaussian.X}", $"{gaussian.Weight}", $"{bilateral.X}",
            $"{bilateral.Colour}", $"{bilateral.Weight}"])
    { RedirectStandardOutput = true })!;
    var printed = process.StandardOutput.ReadToEnd().Split(' ');
    process.WaitForExit();
    if (process.ExitCode != 0)
        throw new InvalidOperationException($"{standIn} ended with {process.ExitCode}.");
    var seconds = Array.ConvertAll(printed, number => double.Parse(number, CultureInfo.InvariantCulture));
    return new(seconds[0], seconds[1], seconds[2]);
}

internal sealed record Seconds(double Lattices, double Iterations, double Cpu)
{
    public double Wall => Lattices + Iterations;
}
