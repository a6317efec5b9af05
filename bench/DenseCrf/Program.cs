using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Dashboard.Backend.Postprocess;
using Dashboard.Bench;

// Ours against the stand-in for pydensecrf's C++ core, in turn on the same made picture. dense-crf STAND_IN THREADS ROUNDS [WIDTH HEIGHT LABELS]
var (standIn, threads, rounds) = (args[0], int.Parse(args[1]), int.Parse(args[2]));
var (width, height, labels) = args.Length > 3 ? (int.Parse(args[3]), int.Parse(args[4]), int.Parse(args[5])) : (500, 375, 21);

var folder = Directory.CreateTempSubdirectory("dense-crf");
try
{
    var scene = new MadeScene(width, height, labels);
    var unary = DenseCrfUnary.FromProbabilities(scene.Probabilities, labels);
    File.WriteAllBytes($"{folder}/image", scene.Image.Pixels);
    File.WriteAllBytes($"{folder}/unary", MemoryMarshal.AsBytes<float>(unary));

    foreach (var (name, settings) in (ReadOnlySpan<(string, DenseCrfSettings)>)[("IRN", DenseCrfSettings.IrnLabel), ("DeepLab", DenseCrfSettings.DeepLab)])
    {
        new DenseCrf(scene.Image, settings, threads).Marginals(unary, labels); // compiled and warm, as in a run over a whole split
        var (ours, theirs) = (new List<(double Lattices, double Iterations)>(), new List<(double Lattices, double Iterations)>());
        var difference = 0f;
        for (var round = 0; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var crf = new DenseCrf(scene.Image, settings, threads);
            var lattices = watch.Elapsed.TotalSeconds;
            var marginals = crf.Marginals(unary, labels);
            ours.Add((lattices, watch.Elapsed.TotalSeconds - lattices));

            theirs.Add(StandIn(settings));
            var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes($"{folder}/marginals"));
            for (var i = 0; i < marginals.Length; i++)
                difference = Math.Max(difference, Math.Abs(marginals[i] - expected[i]));
        }

        double Median(IEnumerable<double> values) => values.Order().ElementAt(rounds / 2);
        string Times(List<(double Lattices, double Iterations)> times) =>
            $"{Median(times.Select(time => time.Lattices + time.Iterations)):F3} s (lattices {Median(times.Select(time => time.Lattices)):F3}, iterations {Median(times.Select(time => time.Iterations)):F3})";
        var ratio = Median(ours.Zip(theirs, (a, b) => (b.Lattices + b.Iterations) / (a.Lattices + a.Iterations)));
        Console.WriteLine($"{name}: ours, {threads} threads {Times(ours)}; stand-in, 1 thread {Times(theirs)}; ours is {ratio:F2}x as fast (medians of {rounds} paired rounds); largest difference {difference:E1}");
    }
}
finally
{
    folder.Delete(recursive: true);
}

(double Lattices, double Iterations) StandIn(DenseCrfSettings settings)
{
    var (gaussian, bilateral) = (settings.Kernels[0], settings.Kernels[1]);
    using var process = Process.Start(new ProcessStartInfo(standIn,
        [folder.FullName, $"{width}", $"{height}", $"{labels}", $"{settings.Iterations}", $"{gaussian.X}", $"{gaussian.Weight}", $"{bilateral.X}", $"{bilateral.Colour}", $"{bilateral.Weight}"])
    { RedirectStandardOutput = true })!;
    var printed = process.StandardOutput.ReadToEnd().Split(' ');
    process.WaitForExit();
    return process.ExitCode == 0
        ? (double.Parse(printed[0], CultureInfo.InvariantCulture), double.Parse(printed[1], CultureInfo.InvariantCulture))
        : throw new InvalidOperationException($"{standIn} ended with {process.ExitCode}.");
}
