using System.Globalization;
using System.Text.RegularExpressions;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Nsrom;
using Dashboard.Backend.Models.Nsrom;
using Dashboard.Domain.Segmentation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>NSROM: the graph unit, the classification network, accumulation, its losses, and both label generators.</summary>
public static class NsromChecks
{
    [GoldenCheck("nsrom", "glore-2d")]
    [GoldenCheck("nsrom", "glore-2d-normalize")]
    internal static void GraphUnit(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var unit = GoldenTensors.Fill(
            new GlobalReasoning(golden.Int("num_in"), golden.Int("num_mid"), golden.Json.GetProperty("normalize").GetBoolean()), golden.Parameters());
        var shape = golden.Array("x").Shape;
        var G = tensor(golden.FormulaInput("G", shape), shape).to(TestDevice.Current);
        foreach (var mode in (string[])["eval", "train"])
        {
            unit.train(mode == "train");
            unit.zero_grad();
            var x = golden.Tensor("x").detach().requires_grad_();
            var output = unit.call(x);
            (output * G).sum().backward();

            golden.Close($"out_{mode}", output, golden.Tolerance("out"));
            golden.Close($"grad_x_{mode}", x.grad!, golden.Tolerance("grads"));
            foreach (var (name, parameter) in unit.named_parameters())
                golden.Close($"pgrad_{mode}__{name.Replace('.', '_')}", parameter.grad!, golden.Tolerance("grads"));
        }
        var state = unit.state_dict();
        golden.Close("running_mean_after_train", state["blocker.running_mean"], golden.Tolerance("out"));
        golden.Close("running_var_after_train", state["blocker.running_var"], golden.Tolerance("out"));
    }

    [GoldenCheck("nsrom", "vgg16-cam")]
    internal static void Network(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var x = golden.Input("x");
        var classes = golden.Array("logits_eval").Shape[1];

        using (var net = Net("params.json", integral: false))
        {
            var maps = net.maps(x);
            golden.Close("map1_eval", maps, golden.RelativeTolerance());
            golden.Close("logits_eval", net.call(x), golden.RelativeTolerance());
            Assert.Equal(
                golden.Value("parameter_groups", "sizes").EnumerateArray().Select(size => size.GetInt32()),
                NsromOptimizer.Groups(net).Select(group => group.Count));

            // "extra*: weight lr*10, bias lr*20; others weight lr, bias lr*2; SGD momentum .9 nesterov weight_decay 5e-4"
            var rule = Regex.Matches(golden.Value("parameter_groups", "rule").GetString()!, @"\d*\.?\d+(e-\d+)?")
                .Select(number => double.Parse(number.Value, CultureInfo.InvariantCulture)).ToArray();
            using var optimizer = NsromOptimizer.Create(net, learningRate: 1);
            var groups = optimizer.ParamGroups.Select(group => ((SGD.ParamGroup)group).Options).ToList();
            Assert.Equal([1, rule[2], rule[0], rule[1]], groups.Select(group => group.LearningRate!.Value));
            Assert.All(groups,
                group => Assert.Equal((rule[3], true, rule[4]), (group.momentum!.Value, group.nesterov!.Value, group.weight_decay!.Value)));
        }
        using (var net = Net("params_vgg1.json", integral: true))
            golden.Close("vgg1_out_eval", net.maps(x), golden.RelativeTolerance());

        NsromNet Net(string file, bool integral)
        {
            var parameters = golden.Parameters(file).ToList();
            long[] Shape(string name) => parameters.Single(parameter => parameter.Name == name).Shape;
            var (first, nodes) = (Shape("extra_convs_1.0.weight"), Shape("extra_convs_2.conv_proj.weight")[0]);
            var net = GoldenTensors.Fill(
                new NsromNet(VggFeatures.Create(), VggFeatures.Channels, classes, integral, nodes, width: first[0], kernel: (int)first[2]),
                parameters,
                name => name.StartsWith("extra_convs_3.", StringComparison.Ordinal) ? $"classifier.{name.Split('.')[^1]}" : name);
            net.eval();
            return net;
        }
    }

    [GoldenCheck("nsrom", "oa-cam-accumulation")]
    internal static void Accumulation(GoldenCase golden)
    {
        // As the authors name an image: its file, as far as the first point.
        var names = golden.Json.GetProperty("image_names").EnumerateArray()
            .Select(name => Path.GetFileName(name.GetString()!).Split('.')[0]).ToArray();
        var (labels, epochs) = (golden.Array("labels"), golden.Int("training_epoch"));
        var classes = (int)labels.Shape[1];
        var gate = golden.NumberAfter("map)<", otherwise: 0.1);
        var accumulation = new OnlineAccumulation(gate);
        for (var call = 0; golden.HasArray($"call{call}_maps"); call++)
        {
            var maps = golden.Array($"call{call}_maps");
            var (height, width) = ((int)maps.Shape[2], (int)maps.Shape[3]);
            for (var image = 0; image < names.Length; image++)
                for (var k = 0; k < classes; k++)
                    if (labels.Float32[image * classes + k] > 0)
                        accumulation.Add(
                            names[image], k, maps.Float32.AsSpan((image * classes + k) * height * width, height * width), width, height,
                            golden.Value($"call{call}", "epoch").GetInt32(), epochs);

            var stored = accumulation.All.ToList();
            Assert.Equal(
                golden.Value($"call{call}", "files_after").EnumerateArray().Select(file => file.GetString()),
                stored.Select(entry => $"{entry.Image}_{entry.Class}.png"));
            foreach (var (image, k, map) in stored)
                if (golden.HasArray($"call{call}_after_{image}_{k}"))
                    GoldenAssert.Same<byte>(golden.Array($"call{call}_after_{image}_{k}").UInt8, map.Values, $"call {call}, {image}, class {k}");
        }

        // A class that the network never shows anything of is filled in at the end all the same.
        foreach (var file in golden.Value("all_negative_map", "files").EnumerateArray())
        {
            var name = Path.GetFileNameWithoutExtension(file.GetString()!);
            var (image, k) = (name[..name.LastIndexOf('_')], int.Parse(name[(name.LastIndexOf('_') + 1)..]));
            var negative = new OnlineAccumulation(gate);
            negative.Add(image, k, [-5, -5, -5, -5], 2, 2, epochs - 2, epochs);
            Assert.Null(negative.Find(image, k));
            negative.Add(image, k, [-5, -5, -5, -5], 2, 2, epochs - 1, epochs);
            Assert.Equal(new byte[4], negative.Find(image, k)!.Values);
        }
    }

    [GoldenCheck("nsrom", "exloss")]
    internal static void Loss(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var z = golden.Tensor("input").detach().requires_grad_();
        var loss = IntegralAttentionLoss.Of(z, golden.Tensor("target"));
        loss.backward();
        Assert.Equal(golden.Number("loss"), loss.item<float>(), golden.Tolerance("rel") * golden.Number("loss"));
        golden.Close("grad", z.grad!, golden.Relative("grad"));
        var raw = golden.Tensor("input");
        Assert.Equal(golden.Number("loss_all_zero"), IntegralAttentionLoss.Of(raw, zeros_like(raw)).item<float>(),
            golden.Tolerance("rel") * golden.Number("loss_all_zero"));
    }

    [GoldenCheck("nsrom", "gen_label")]
    internal static void Labels(GoldenCase golden)
    {
        var rule = new InitialLabels
        {
            ConflictThreshold = (float)golden.NumberAfter("conflict", otherwise: 0.9),
            ForegroundThreshold = (float)golden.NumberAfter("fg", otherwise: 0.3),
            MiningThreshold = (float)golden.NumberAfter("fg", otherwise: 0.3),
            SalientBackground = (byte)golden.NumberAfter("bg", otherwise: 32),
            AttendedBackground = (float)golden.NumberAfter("att", otherwise: 0.8),
            LeastForeground = golden.NumberAfter("valid ratio <", otherwise: 0.01),
        };
        foreach (var image in golden.Json.GetProperty("images").EnumerateArray())
        {
            var name = image.GetProperty("name").GetString()!;
            // The authors pass over an image without saliency; what is missing is named here before a run starts.
            if (!golden.HasArray($"{name}_sal"))
                continue;
            var (width, height) = ((int)golden.Array($"{name}_sal").Shape[1], (int)golden.Array($"{name}_sal").Shape[0]);
            var labels = rule.Of(width, height, golden.Array($"{name}_sal").UInt8,
                [.. image.GetProperty("classes").EnumerateArray().Select(k => k.GetInt32()).Select(k =>
                new ClassAttention(k, Bits($"{name}_att_{k}"), Bits($"{name}_last_{k}")))]);
            GoldenAssert.Same<byte>(golden.Array($"{name}_out").UInt8, labels.Labels, name);
            GoldenAssert.Same<byte>(ImageFile.ReadLabels(golden.File($"{name}_out.png")).Labels, labels.Labels, $"{name}, the file");
        }

        byte[]? Bits(string array) => golden.HasArray(array) ? golden.Array(array).UInt8 : null;
    }

    [GoldenCheck("nsrom", "gen_masked_label")]
    internal static void MaskedLabels(GoldenCase golden)
    {
        var masking = new NonSalientMasking { Side = (int)golden.NumberAfter("dilate", otherwise: 30) };
        foreach (var image in golden.Json.GetProperty("images").EnumerateArray())
        {
            var name = image.GetProperty("name").GetString()!;
            var labels = masking.Of(
                golden.Labels($"{name}_seg"), golden.Labels($"{name}_pseudo"), golden.Array($"{name}_sal").UInt8,
                image.GetProperty("classes").GetArrayLength());
            GoldenAssert.Same<byte>(golden.Array($"{name}_out").UInt8, labels.Labels, name);
        }
    }

    [GoldenCheck("nsrom", "test-attention-export")]
    internal static void Export(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var (maps, sizes) = (golden.Tensor("maps"), golden.ArrayNames.Where(name => name.StartsWith("out_", StringComparison.Ordinal)).ToList());
        Assert.NotEmpty(sizes);
        foreach (var expected in sizes.Select(golden.Array))
        {
            var size = new ImageSize((int)expected.Shape[2], (int)expected.Shape[1]);
            var pixels = size.Width * size.Height;
            for (var k = 0; k < maps.shape[0]; k++)
                // OpenCV computes in fixed point: one level more or less.
                foreach (var (wanted, actual) in expected.UInt8[(k * pixels)..((k + 1) * pixels)].Zip(AttentionMap.Of(maps[k], size)))
                    Assert.InRange(actual, wanted - 1, wanted + 1);
        }
    }
}
