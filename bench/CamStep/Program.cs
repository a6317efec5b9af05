using System.Diagnostics;
using System.Text.Json;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Models;
using Dashboard.Backend.Training;
using Dashboard.Bench;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// One CAM training step (forward, loss, backward, optimiser) on inputs made by formula. cam-step NETWORK BATCH CROP STEPS THREADS
// [DEVICE [PRECISION]]
var (network, batch, crop, steps, threads) = (args[0], int.Parse(args[1]), int.Parse(args[2]), int.Parse(args[3]), int.Parse(args[4]));
var target = device(args.Length > 5 ? args[5] : "cpu");
var precision = new Autocast(args.Length > 6 ? Enum.Parse<Precision>(args[6], ignoreCase: true) : Precision.Float32, target);
set_num_threads(threads);
const int Classes = 20;

var small = network == "small";
var options = small
    ? (CamOptions)CamMethod.Descriptor.Presets[0].Options
    : new CamOptions { DetachLayer2 = false };
random.manual_seed(0);
var net = new CamNet(small ? ResNetShape.Small : ResNetShape.ResNet50, options.OutputStride, options.DetachLayer2, Classes);
Fill(net);
net.to(target);
net.train(options.BatchNorm);
var optimizer = CamOptimizers.Create(options with { LearningRate = 1e-3 }, net);
var schedule = new PolySchedule(optimizer, 1000);
using var images = tensor(Formula.Values(5000, (long)batch * 3 * crop * crop, 0, 2), new long[] { batch, 3, crop, crop }).to(target);
using var tags = (tensor(Formula.Values(5001, batch * Classes, 0, 1), new long[] { batch, Classes }) > 0.5).to(float32).to(target);

var losses = new List<float>();
var (seconds, processor) = (new List<double>(), new List<double>());
for (var step = 0; step < steps; step++)
{
    var (watch, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
    using (NewDisposeScope())
    {
        schedule.Apply(step);
        var loss = functional.multilabel_soft_margin_loss(precision.Forward(net.call, images), tags);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        losses.Add(loss.item<float>());
    }
    seconds.Add(watch.Elapsed.TotalSeconds);
    processor.Add((Environment.CpuUsage.TotalTime - used).TotalSeconds);
}
Console.WriteLine(JsonSerializer.Serialize(new { seconds, processor, losses }));

// Both sides start from the same weights: convolutions by formula, BatchNorm as it is initialised.
static void Fill(CamNet net)
{
    using var _ = no_grad();
    uint index = 0;
    foreach (var (_, parameter) in net.named_parameters())
    {
        index++;
        if (parameter.dim() != 4)
            continue;
        var fan = parameter.shape[1] * parameter.shape[2] * parameter.shape[3];
        using var values = tensor(Formula.Values(index, parameter.NumberOfElements, 0, Math.Sqrt(1.5 / fan)), parameter.shape);
        parameter.copy_(values);
    }
}
