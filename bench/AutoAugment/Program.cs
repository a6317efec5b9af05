using System.Diagnostics;
using System.Text.Json;
using Dashboard.Backend.Datasets.AutoAugment;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;

// AutoAugment on one picture, one thread: milliseconds an image of every operation and of the policy. auto-augment PICTURE SIDE REPETITIONS
var (side, repetitions) = (int.Parse(args[1]), int.Parse(args[2]));
var picture = new ImageBuffer(side, side, 3, File.ReadAllBytes(args[0]));

var operations = Operation.All.ToDictionary(operation => operation.Name, operation =>
{
    var magnitude = operation.Magnitude(5);
    var times = new double[repetitions];
    // Once through, that the runtime compiles with what it has learnt; then for the figures.
    for (var pass = 0; pass < 2; pass++)
        for (var i = 0; i < repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            operation.Apply(picture, magnitude);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    Array.Sort(times);
    return times[repetitions / 2];
});

var random = new RandomStream(0);
var images = 10 * repetitions;
var (cpu, wall) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
for (var i = 0; i < images; i++)
    ImageNetPolicy.Apply(picture, random);
Console.WriteLine(JsonSerializer.Serialize(new
{
    operations,
    policy = wall.Elapsed.TotalMilliseconds / images,
    policyCpu = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / images,
}));
