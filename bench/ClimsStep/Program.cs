using System.Diagnostics;
using System.Text.Json;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Methods.Clims;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Training;
using Dashboard.Bench;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// One CLIMS training step of a ResNet-50 with a CLIP of ViT-B/32 size, on weights and inputs made by formula. clims-step BATCH CROP STEPS THREADS
// [DEVICE [PRECISION]]; BATCH is at most 13
var (batch, crop, steps, threads) = (int.Parse(args[0]), int.Parse(args[1]), int.Parse(args[2]), int.Parse(args[3]));
var target = device(args.Length > 4 ? args[4] : "cpu");
var precision = args.Length > 5 ? Enum.Parse<Precision>(args[5], ignoreCase: true) : Precision.Float32;
var passes = new Autocast(precision, target);
set_num_threads(threads);
const int Classes = 20, Backgrounds = 10, Context = 77, Vocabulary = 49408;

var options = new ClimsOptions();
var net = new CamNet(ResNetShape.ResNet50, options.OutputStride, options.DetachLayer2, Classes);
Fill(net, 0);
net.to(target);
net.train(options.BatchNorm);

var clip = new ClipModel(new ClipShape(512, 224, [12], 768, 32, Context, Vocabulary, 512, 12)).freeze();
Fill(clip, 1000);
clip.to(target);
var loss = new ClimsLoss(images => functional.normalize(clip.encode_image(images).to(float32), dim: -1), 224,
    new ClimsTexts(Encode(Classes, 6000), Encode(Backgrounds, 6001)), options);
if (precision == Precision.Bfloat16)
    clip.compute_in(bfloat16);
var optimizer = CamOptimizers.Create(options, net);
var schedule = new PolySchedule(optimizer, 1000);
using var X = tensor(Formula.Values(5000, (long)batch * 3 * crop * crop, 0, 2), new long[] { batch, 3, crop, crop }).to(target);
// One tag and two by turns: VOC's training images have 1.56 on average.
var tags = Enumerable.Range(0, batch).SelectMany(i => i % 2 == 0 ? (long[])[i, i] : [i, i, i, i + 7]).ToArray();
using var pairs = tensor(tags, [tags.Length / 2, 2]).to(target);

var losses = new List<float>();
var seconds = new List<double>();
var processor = new List<double>();
for (var step = 0; step < steps; step++)
{
    var watch = Stopwatch.StartNew();
    var used = Environment.CpuUsage.TotalTime;
    using (NewDisposeScope())
    {
        schedule.Apply(step);
        optimizer.zero_grad();
        var terms = ClimsTrainer.Terms(net, loss, X, pairs, passes);
        optimizer.step();
        losses.Add(terms.Total.item<float>());
    }
    seconds.Add(watch.Elapsed.TotalSeconds);
    processor.Add((Environment.CpuUsage.TotalTime - used).TotalSeconds);
}
Console.WriteLine(JsonSerializer.Serialize(new { seconds, processor, losses }));

Tensor Encode(int count, uint stream)
{
    using var guard = no_grad();
    // Four words each, between the start and the end of a text.
    var words = Formula.Values(stream, 4L * count, 20000, 19000);
    var tokens = Enumerable.Range(0, count).SelectMany(i =>
        (long[])[Vocabulary - 2, .. words[(4 * i)..(4 * i + 4)].Select(word => (long)word), Vocabulary - 1, .. new long[Context - 6]]);
    return functional.normalize(clip.encode_text(tensor(tokens.ToArray(), [count, Context]).to(target)), dim: -1);
}

// Both sides start from the same weights: matrices and kernels by formula, norms and biases as they are initialised.
static void Fill(Module module, uint firstStream)
{
    using var _ = no_grad();
    var index = firstStream;
    foreach (var (name, parameter) in module.named_parameters().OrderBy(parameter => parameter.name, StringComparer.Ordinal))
    {
        index++;
        if (parameter.dim() < 2)
        {
            if (name.EndsWith("class_embedding", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal))
                parameter.zero_();
            continue;
        }
        var fan = parameter.NumberOfElements / parameter.shape[0];
        var bound = name.EndsWith("embedding", StringComparison.Ordinal) || name.EndsWith("embedding.weight",
            StringComparison.Ordinal) ? 0.05 : Math.Sqrt(1.5 / fan);
        using var values = tensor(Formula.Values(index, parameter.NumberOfElements, 0, bound), parameter.shape);
        parameter.copy_(values);
    }
}
