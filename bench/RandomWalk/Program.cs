using System.Diagnostics;
using Dashboard.Backend.Postprocess.RandomWalk;
using TorchSharp;
using static TorchSharp.torch;

// Ours against the references' dense matrix, squared again and again by libtorch, on the same made edges and maps. random-walk WIDTH HEIGHT RADIUS
// LOG_STEPS LABELS THREADS
var numbers = Array.ConvertAll(args, int.Parse);
var (width, height, radius, logSteps, labels, threads) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
const double Beta = 10;
var (random, positions) = (new Random(1), width * height);
var edges = Enumerable.Range(0, positions).Select(_ => MathF.Pow(random.NextSingle(), 3)).ToArray();
var maps = Enumerable.Range(0, labels * positions).Select(_ => random.NextSingle()).ToArray();
var index = new PathIndex(radius);
set_num_threads(threads);

// Memory of a process that has done nothing yet; time once all is compiled, as in a run over a whole split.
var (_, cold) = Measured("sparse, first", Sparse);
var (ours, warm) = Measured("sparse, again", Sparse);
var (theirs, dense) = Measured("dense", Dense);
var difference = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max() / theirs.Max();
Console.WriteLine(
    $"ours is {dense.Seconds / warm.Seconds:F0}x as fast ({dense.Processor / warm.Processor:F0}x by CPU time) in "
    + $"{dense.Megabytes / cold.Megabytes:F0}x less memory; largest difference {difference:E1} of the largest value");

float[] Sparse() => new TransitionMatrix(AffinityMatrix.FromEdges(edges, width, height, index), Beta).Walk(maps, labels, logSteps, threads);

// IRN's propagate_to_edge: affinities as a dense matrix, every column divided by its sum, squared LOG_STEPS times.
float[] Dense()
{
    using var scope = NewDisposeScope();
    using var guard = no_grad();
    var affinity = AffinityMatrix.FromEdges(edges, width, height, index);
    var matrix = zeros(positions, positions);
    for (var row = 0; row < positions; row++)
        matrix[row]
            .index_put_(tensor(affinity.Values(row).ToArray()), tensor(Array.ConvertAll(affinity.Columns(row).ToArray(), column => (long)column)));
    matrix.pow_(Beta);
    matrix.div_(matrix.sum(0, keepdim: true));
    for (var i = 0; i < logSteps; i++)
    {
        var squared = matrix.matmul(matrix);
        matrix.Dispose();
        matrix = squared;
    }
    return tensor(maps, new long[] { labels, positions }).matmul(matrix).data<float>().ToArray();
}

(float[], Cost) Measured(string name, Func<float[]> run)
{
    GC.Collect();
    // Starts the peak of the resident memory anew.
    File.WriteAllText("/proc/self/clear_refs", "5");
    var before = Status("VmRSS");
    var (watch, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
    var result = run();
    var cost = new Cost(watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds, Status("VmHWM") - before);
    Console.WriteLine($"{name}, {threads} threads: {cost.Seconds:F2} s (CPU {cost.Processor:F2}), {cost.Megabytes:F1} MB above what the process had");
    return (result, cost);
}

double Status(string name) =>
    double.Parse(File.ReadLines("/proc/self/status")
        .First(line => line.StartsWith(name, StringComparison.Ordinal))
        .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;

internal sealed record Cost(double Seconds, double Processor, double Megabytes);
