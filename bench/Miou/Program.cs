using System.Diagnostics;
using System.Text.Json;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

// miou make DIR IMAGES WIDTH HEIGHT: truth and prediction, indexed PNG. miou measure DIR: our score of them, as JSON.
const int Classes = 20;
if (args[0] == "make")
    Make(args[1], int.Parse(args[2]), int.Parse(args[3]), int.Parse(args[4]));
else
    Measure(args[1]);

void Measure(string folder)
{
    var (watch, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
    var score = LabelMapEvaluation.Run(Path.Combine(folder, "prediction"), Path.Combine(folder, "truth"), Classes + 1);
    var (seconds, cpu) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    Console.WriteLine(JsonSerializer.Serialize(new { seconds, cpu, miou = score.Miou, perClass = score.PerClass }));
}

// A few ellipses with a border that is ignored, as in VOC; the prediction has them moved and frayed.
void Make(string folder, int images, int width, int height)
{
    foreach (var name in (string[])["truth", "prediction"])
        Directory.CreateDirectory(Path.Combine(folder, name));
    Parallel.For(0, images, i =>
    {
        var random = new Random(i);
        var (truth, prediction) = (new byte[width * height], new byte[width * height]);
        for (var thing = random.Next(1, 5); thing > 0; thing--)
        {
            var (label, x, y, a, b) = ((byte)random.Next(1, Classes + 1), random.Next(width), random.Next(height), random.Next(width / 12, width / 3),
                random.Next(height / 12, height / 3));
            var (dx, dy) = (random.Next(-15, 16), random.Next(-15, 16));
            for (var pixel = 0; pixel < truth.Length; pixel++)
            {
                var (column, row) = (pixel % width, pixel / width);
                var distance = Distance(column - x, row - y, a, b);
                if (distance < 1)
                    truth[pixel] = label;
                else if (distance < 1 + 10.0 / Math.Min(a, b))
                    truth[pixel] = LabelMap.Ignore;
                if (Distance(column - x - dx, row - y - dy, a, b) + 0.1 * Math.Sin(row * 0.7 + column * 0.3) < 1)
                    prediction[pixel] = label;
            }
        }
        ImageFile.WriteLabels(Path.Combine(folder, "truth", $"{i:0000}.png"), new(width, height, truth));
        ImageFile.WriteLabels(Path.Combine(folder, "prediction", $"{i:0000}.png"), new(width, height, prediction));
    });
}

double Distance(double x, double y, double a, double b) => Math.Sqrt(x * x / (a * a) + y * y / (b * b));
