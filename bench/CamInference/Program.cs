using System.Diagnostics;
using System.Text.Json;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Models;
using Dashboard.Backend.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

// Class activation maps of images of noise, one class each, at four scales with flips. cam-inference NETWORK WIDTH HEIGHT AT_ONCE ROUNDS THREADS [DEVICE]
var (network, width, height, atOnce) = (args[0], int.Parse(args[1]), int.Parse(args[2]), int.Parse(args[3]));
var (rounds, threads, target) = (int.Parse(args[4]), int.Parse(args[5]), device(args.Length > 6 ? args[6] : "cpu"));
set_num_threads(threads);
const int Classes = 20;

random.manual_seed(0);
var net = new CamNet(network == "small" ? ResNetShape.Small : ResNetShape.ResNet50, network == "small" ? 8 : 16, false, Classes);
using (no_grad())
    foreach (var module in net.modules())
        if (module is BatchNorm2d norm)
        {
            norm.running_mean!.uniform_(-0.1, 0.1);
            norm.running_var!.uniform_(0.5, 1.5);
            norm.weight!.uniform_(0.5, 1.5);
        }
net.to(target);
net.eval();
var inference = new CamInference(net, [1.0, 0.5, 1.5, 2.0], flip: true, target);

var noise = new Random(0);
var images = new List<ImageBuffer>();
for (var i = 0; i < atOnce; i++)
{
    var pixels = new byte[3 * width * height];
    noise.NextBytes(pixels);
    images.Add(new ImageBuffer(width, height, 3, pixels));
}
var classes = images.Select((_, i) => (IReadOnlyList<int>)[i % Classes]).ToList();

var (seconds, processor) = (new List<double>(), new List<double>());
var sum = 0.0;
for (var round = 0; round < rounds; round++)
{
    var (watch, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
    var maps = inference.Maps(images, classes);
    // A GPU is done once they are here.
    sum = maps.Sum(map => map.Full.ToValues<float>().Average()) / atOnce;
    seconds.Add(watch.Elapsed.TotalSeconds / atOnce);
    processor.Add((Environment.CpuUsage.TotalTime - used).TotalSeconds / atOnce);
    foreach (var map in maps)
        map.Dispose();
}
Console.WriteLine(JsonSerializer.Serialize(new { seconds, processor, sum }));
