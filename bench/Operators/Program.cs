using System.Diagnostics;
using System.Text.Json;
using Dashboard.Backend.Libtorch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

// The operators that training steps spend their time in, at the steps' sizes: forward and backward together, in milliseconds, the median of many.
// operators THREADS ROUNDS
var (threads, rounds) = (int.Parse(args[0]), int.Parse(args[1]));
LoadedLibtorch.Load();
set_num_threads(threads);
var results = new Dictionary<string, double>();

// CLIP's ViT-B/32 on 12 crops: 600 tokens of width 768.
Measure("linear, 600 x 768 to 3072", [600, 768], [3072, 768], (x, w) => linear(x, w));
Measure("linear, 600 x 3072 to 768", [600, 3072], [768, 3072], (x, w) => linear(x, w));
Measure("attention, 144 heads of 50 x 64", [144, 50, 64], [1], (x, _) => x.matmul(x.transpose(1, 2)).softmax(-1).matmul(x));
Measure("layer_norm, 600 x 768", [600, 768], [768], (x, w) => layer_norm(x, [768], w));
Measure("QuickGELU, 600 x 3072", [600, 3072], [1], (x, _) => x * (1.702 * x).sigmoid());
// ResNet-50 on 4 images of 224 px.
Measure("3x3 convolution, 64 at 56x56", [4, 64, 56, 56], [64, 64, 3, 3], (x, w) => conv2d(x, w, padding: [1, 1]));
Measure("1x1 convolution, 256 to 64 at 56x56", [4, 256, 56, 56], [64, 256, 1, 1], (x, w) => conv2d(x, w));
Measure("3x3 convolution, 512 at 14x14", [4, 512, 14, 14], [512, 512, 3, 3], (x, w) => conv2d(x, w, padding: [1, 1]));
Measure("1x1 convolution, 1024 to 2048 at 14x14", [4, 1024, 14, 14], [2048, 1024, 1, 1], (x, w) => conv2d(x, w));
Measure("relu, 256 at 56x56", [4, 256, 56, 56], [1], (x, _) => relu(x));
Measure("batch_norm, 256 at 56x56", [4, 256, 56, 56], [256], (x, w) => batch_norm(x, zeros(256), ones(256), w, zeros(256), training: true));
Measure("bicubic, 14x14 to 224x224", [4, 20, 14, 14], [1], 
    (x, _) => interpolate(x, [224, 224], mode: InterpolationMode.Bicubic, align_corners: false));
// The built-in preset's network on 32 images of 96 px.
Measure("3x3 convolution, 16 at 48x48", [32, 16, 48, 48], [16, 16, 3, 3], (x, w) => conv2d(x, w, padding: [1, 1]));
Measure("3x3 convolution, 64 at 12x12", [32, 64, 12, 12], [64, 64, 3, 3], (x, w) => conv2d(x, w, padding: [1, 1]));
Measure("batch_norm, 16 at 48x48", [32, 16, 48, 48], [16], (x, w) => batch_norm(x, zeros(16), ones(16), w, zeros(16), training: true));
Measure("max_pool2d, 16 at 48x48", [32, 16, 48, 48], [1], (x, _) => max_pool2d(x, 3, 2, 1));
Console.WriteLine(JsonSerializer.Serialize(results));

void Measure(string name, long[] size, long[] weights, Func<Tensor, Tensor, Tensor> function)
{
    manual_seed(0);
    using var x = randn(size).requires_grad_();
    using var w = (randn(weights) * 0.05).detach().requires_grad_();
    var times = new List<double>();
    for (var round = 0; round < rounds; round++)
    {
        using var scope = NewDisposeScope();
        var watch = Stopwatch.StartNew();
        var y = function(x, w);
        y.backward([ones_like(y)]);
        times.Add(watch.Elapsed.TotalMilliseconds);
    }
    results[name] = times.Order().ElementAt(times.Count / 2);
}
