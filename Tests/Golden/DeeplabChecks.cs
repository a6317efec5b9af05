using System.Text.Json;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Postprocess;
using Dashboard.Domain.Segmentation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>DeepLabV2: network, loss, optimiser and schedule, augmentation, masks and scores, against deeplab-pytorch.</summary>
public static class DeeplabChecks
{
    [GoldenCheck("deeplab", "msc-resnet101")]
    [GoldenCheck("deeplab", "msc-small")]
    internal static void Network(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (net, x, tolerance) = (Net(golden), golden.Input("x"), golden.RelativeTolerance());
        var names = golden.Value("output_order_in_training").EnumerateArray().Select(name => name.GetString()!).ToArray();
        net.train();
        var pyramid = net.pyramid(x);
        Assert.Equal(names.Length, pyramid.Length);
        foreach (var (name, logits) in names.Zip(pyramid))
        {
            golden.Close(name, logits, tolerance);
            Statistics(golden.Value("stats", name), logits, name);
        }
        net.eval();
        golden.Close("merged", net.call(x), tolerance);

        var scaled = Scales(golden).Select(scale => (Name: JsonSerializer.Serialize(scale), Images: DeeplabV2.scaled(x, scale))).ToList();
        foreach (var (name, images) in scaled)
            Statistics(golden.Value("scaled_inputs", name), images, $"image at {name}");
        Tensor[] inputs = [x, .. scaled.Select(input => input.Images)];
        for (var i = 0; i < inputs.Length; i++)
        {
            var features = inputs[i];
            foreach (var (layer, module) in Layers(net))
            {
                features = module(features);
                Assert.Equal(golden.Value(golden.ValueName("layer_shapes_per_scale"), layer, $"{i}").EnumerateArray().Select(size => size.GetInt64()),
                    features.shape);
                if (i == 0)
                    Statistics(golden.Value("layer_outputs_of_single_scale", layer), features, layer);
            }
        }

        void Statistics(JsonElement expected, Tensor actual, string what) =>
            TensorStatistics.Check(expected, actual, tolerance, tolerance * actual.abs().max().item<float>(), 0, what);
    }

    [GoldenCheck("deeplab", "losses")]
    internal static void Losses(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var (net, labels) = (Net(golden), golden.Tensor("labels"));
        net.train();
        var pyramid = net.pyramid(golden.Input("x"));
        string[] suffixes = ["1", .. Scales(golden).Select(scale => JsonSerializer.Serialize(scale).Replace('.', '_')), "merged"];
        var valid = golden.Numbers("valid_pixels");
        for (var i = 0; i < pyramid.Length; i++)
        {
            var resized = DeeplabLoss.Resized(labels, pyramid[i].shape[2], pyramid[i].shape[3]);
            golden.Close($"labels_for_{suffixes[i]}", resized);
            Assert.Equal(valid[i], resized.ne(LabelMap.Ignore).sum().item<long>());
        }

        var losses = new DeeplabLoss().Of(pyramid, labels);
        var relative = golden.Tolerance("losses_rel");
        foreach (var (expected, loss) in golden.Numbers("cross_entropy").Zip(losses))
            GoldenAssert.Close(expected, loss.item<float>(), relative * expected, "cross entropy");
        var total = losses.Aggregate((sum, loss) => sum + loss);
        GoldenAssert.Close(golden.Number("total"), total.item<float>(), relative * golden.Number("total"), "total");

        total.backward();
        var rule = GoldenCase.RelativeRuleIn(golden.Json.GetProperty("tolerance").GetProperty("grads").GetString()!)!.Value;
        foreach (var gradient in golden.Value("grads").EnumerateObject())
        {
            var actual = net.get_parameter(Ours(gradient.Name))!.grad!;
            var expected = gradient.Value.GetProperty("abs_sum").GetDouble();
            GoldenAssert.Close(expected, actual.abs().sum().item<float>(), 1e-2 * expected, $"gradient of {gradient.Name}, absolute sum");
            TensorStatistics.Check(gradient.Value, actual, 1e-2, rule * actual.abs().max().item<float>(), 0, $"gradient of {gradient.Name}");
        }
        foreach (var branch in (string[])["c0", "c1"])
            golden.CloseFirst($"grad_aspp_{branch}_first", net.get_parameter($"aspp.{branch}.weight")!.grad!, dimension: 1, rule);
        foreach (var (name, parameter) in net.Aspp.named_parameters().Where(named => named.name.EndsWith("bias", StringComparison.Ordinal)))
            GoldenAssert.CloseRelativeToMaximum(golden.Array("grad_aspp_bias").Float32, GoldenTensors.Floats(parameter.grad!), rule,
                $"gradient of aspp.{name}");
    }

    /// <summary>The authors' code hands height and width to PIL the wrong way round and ends where they differ; ours keeps them.</summary>
    [GoldenCheck("deeplab", "resize-labels")]
    internal static void ResizedLabels(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var (labels, size) = (golden.Tensor("labels_nonsquare"), golden.Ints("logit_size"));
        golden.Close("resized_correct_order", DeeplabLoss.Resized(labels, size[0], size[1]));
        golden.Close("resized_as_called", DeeplabLoss.Resized(labels, size[1], size[0]));
        foreach (var pair in golden.Value("source_index").EnumerateObject())
        {
            var (from, to) = (int.Parse(pair.Name.Split("->")[0]), int.Parse(pair.Name.Split("->")[1]));
            Assert.Equal(pair.Value.EnumerateArray().Select(position => position.GetInt32()), Resampling.NearestPositions(from, to));
        }
    }

    [GoldenCheck("deeplab", "parameter-groups-resnet101")]
    [GoldenCheck("deeplab", "parameter-groups-small")]
    internal static void ParameterGroups(GoldenCase golden)
    {
        using var net = Empty(golden);
        var solver = golden.Value("solver");
        using var optimizer = DeeplabOptimizer.Create(net, solver.GetProperty("LR").GetDouble(), solver.GetProperty("MOMENTUM").GetDouble(),
            solver.GetProperty("WEIGHT_DECAY").GetDouble());
        var groups = DeeplabOptimizer.Groups(net);
        var options = optimizer.ParamGroups.Select(group => ((SGD.ParamGroup)group).Options).ToList();
        foreach (var (expected, i) in golden.Value("groups").EnumerateObject().Select((group, i) => (group.Value, i)))
        {
            Assert.Equal(expected.GetProperty("names").EnumerateArray().Select(name => Ours(name.GetString()!)),
                groups[i].Select(named => Ours(named.Name)));
            Assert.Equal(expected.GetProperty("count").GetInt32(), ((SGD.ParamGroup)optimizer.ParamGroups.ElementAt(i)).Parameters.Count());
            Assert.Equal(expected.GetProperty("numel").GetInt64(), groups[i].Sum(named => named.Parameter.NumberOfElements));
            Assert.Equal(expected.GetProperty("weight_decay").GetDouble(), options[i].weight_decay);
            GoldenAssert.Close(expected.GetProperty("lr_multiplier").GetDouble() * solver.GetProperty("LR").GetDouble(),
                options[i].LearningRate!.Value, 1e-12, "learning rate");
        }
        var listed = groups.SelectMany(group => group).Select(named => Ours(named.Name)).ToHashSet();
        var others = net.named_parameters().Where(named => !listed.Contains(named.name)).ToList();
        Assert.Equal(golden.Value("in_no_group", "count").GetInt32(), others.Count);
        Assert.Equal(golden.Value("in_no_group", "numel").GetInt64(), others.Sum(named => named.parameter.NumberOfElements));
        Assert.All(others, named => Assert.Contains(".bn.", named.name, StringComparison.Ordinal));
    }

    [GoldenCheck("deeplab", "poly-schedule")]
    internal static void Schedule(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var rate = golden.Double("lr");
        var groups = DeeplabOptimizer.Multipliers.Select(multiplier => new SGD.ParamGroup(
            [new Parameter(zeros(1))], new SGD.Options { LearningRate = multiplier * rate, InitialLearningRate = multiplier * rate }));
        using var optimizer = optim.SGD([.. groups], rate);
        var schedule = new DeeplabSchedule(optimizer, golden.Int("iter_max"), golden.Int("lr_decay"), golden.Double("power"));
        foreach (var row in golden.Value("rows").EnumerateArray())
        {
            var iteration = row.GetProperty("iteration").GetInt32();
            Compare(row.GetProperty("lr_used_in_iteration"), iteration - 1);
            Compare(row.GetProperty("lr_after"), iteration);
        }

        void Compare(JsonElement expected, int stepsDone)
        {
            if (expected.ValueKind != JsonValueKind.Array)
                return;
            schedule.Apply(stepsDone);
            foreach (var (given, actual) in expected.EnumerateArray().Zip(optimizer.ParamGroups))
                GoldenAssert.Close(given.GetDouble(), actual.LearningRate, golden.Tolerance("rel") * given.GetDouble() + 1e-12,
                    $"rate after {stepsDone} steps");
        }
    }

    [GoldenCheck("deeplab", "train-steps")]
    internal static void Training(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var net = Net(golden);
        net.train();
        var before = DeeplabTrainingSteps.Run(golden, net, at => golden.Input($"x{at}"));

        var state = net.state_dict();
        foreach (var change in golden.Value("change_of_params").EnumerateObject())
        {
            var (head, actual) = (change.Name.StartsWith("aspp", StringComparison.Ordinal), state[Ours(change.Name)] - before[Ours(change.Name)]);
            var largest = actual.abs().max().item<float>();
            TensorStatistics.Check(change.Value, actual, head ? 1e-2 : 3e-2, (head ? 5e-3 : 3e-2) * largest, 0, $"change of {change.Name}");
            TensorStatistics.Check(golden.Value("params_after", change.Name), state[Ours(change.Name)], 1e-3, 1e-4, 1e-3, change.Name);
        }
        DeeplabTrainingSteps.Unchanged(golden, before, state);
        golden.CloseFirst("aspp_c0_weight_after_first", state["aspp.c0.weight"], dimension: 1, 1e-3);
        golden.Close("aspp_c0_bias_after", state["aspp.c0.bias"], 1e-3);
        golden.Close("aspp_c3_bias_after", state["aspp.c3.bias"], 1e-3);
        golden.CloseFirst("layer1_conv1_weight_after_first", state["backbone.layer1.conv1.conv.weight"], dimension: 0, 1e-3);
    }

    [GoldenCheck("deeplab", "test-time")]
    internal static void TestTime(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var (image, truth, net) = (ImageFile.ReadRgb(golden.File("image.png")), golden.Labels("gt"), Net(golden));
        var inference = new DeeplabInference(net, PixelInput.Caffe, TestDevice.Current);
        golden.Close("logits", inference.Logits(image)[0], golden.Relative("logits"));

        var probabilities = inference.Probabilities(image);
        TensorStatistics.Check(golden.Value("probs"), tensor(probabilities), 1e-3, 1e-4, 1e-3, "probabilities");
        golden.Agree("pred", inference.Labels(image), golden.Tolerance("pred_agreement"));

        var settings = Crf(golden.Json.GetProperty("crf"));
        Assert.Equal(DenseCrfSettings.DeepLab.Kernels, settings.Kernels);
        Assert.Equal(golden.Json.GetProperty("mean_bgr").EnumerateArray().Select(mean => mean.GetDouble()), PixelInput.Caffe.Mean);
        var guide = LegacyCrfGuide.Of(image);
        GoldenAssert.Same<byte>(golden.Array("crf_image").UInt8, guide.Pixels, "crf_image");
        golden.Agree("crf_pred", inference.Labels(image, settings, guide, threads: 2), golden.Tolerance("crf_pred_agreement"));
        // Blue first: the lattice only comes near the kernel, and how near depends on the order of its axes.
        var blueFirst = new ImageBuffer(image.Width, image.Height, 3, [.. image.Pixels.Chunk(3).SelectMany(pixel => pixel.Reverse())]);
        golden.Agree("crf_pred_raw_image", inference.Labels(image, settings, blueFirst, threads: 2), golden.Tolerance("crf_pred_agreement"));

        Scores(golden, "scores_test", net.Classes, [(truth, golden.Labels("pred"))], golden.Tolerance("scores_from_stored_maps_abs"));
        Scores(golden, "scores_crf", net.Classes, [(truth, golden.Labels("crf_pred"))], golden.Tolerance("scores_from_stored_maps_abs"));
    }

    [GoldenCheck("deeplab", "scores")]
    internal static void Scores(GoldenCase golden)
    {
        var maps = new List<(LabelMap, LabelMap)>();
        for (var i = 0; golden.HasArray($"label_{i}"); i++)
            maps.Add((golden.Labels($"label_{i}"), golden.Labels($"pred_{i}")));
        Scores(golden, "scores", golden.Int("n_class"), maps, golden.Tolerance("abs"));
    }

    [GoldenCheck("deeplab", "augmentation")]
    internal static void Augmentation(GoldenCase golden)
    {
        var (image, labels, side) = (ImageFile.ReadRgb(golden.File("image.png")), golden.Labels("label"), golden.Int("crop_size"));
        var augmentation = new DeeplabAugmentation(PixelInput.Caffe, side,
            [.. golden.Json.GetProperty("scales").EnumerateArray().Select(scale => scale.GetDouble())]);
        Assert.Equal(LabelMap.Ignore, golden.Int("ignore_label"));
        foreach (var (choice, i) in golden.Value("choices").EnumerateArray().Select((choice, i) => (choice, i)))
        {
            var crop = new DeeplabCrop(
                choice.GetProperty("scale").GetDouble(), choice.GetProperty("start_w").GetInt32(), choice.GetProperty("start_h").GetInt32(),
                choice.GetProperty("flip").GetBoolean());
            var (planes, target) = (new float[3 * side * side], new byte[side * side]);
            augmentation.Apply(new(image, labels), crop, new(planes, target));
            GoldenAssert.Close(golden.Array($"out_{i}").Float32, planes, golden.Tolerance("image_abs"), $"out_{i}");
            GoldenAssert.Same<byte>(golden.Array($"label_{i}").UInt8, target, $"label_{i}");
        }
    }

    [GoldenCheck("deeplab", "settings")]
    internal static void Settings(GoldenCase golden)
    {
        var crf = Crf(golden.Value("config", "CRF"));
        Assert.Equal(DenseCrfSettings.DeepLab.Iterations, crf.Iterations);
        Assert.Equal(DenseCrfSettings.DeepLab.Kernels, crf.Kernels);
        Assert.Equal(LabelMap.Ignore, golden.Value("config", "DATASET", "IGNORE_LABEL").GetInt32());
        Assert.Equal(["B", "G", "R"],
            ((string[])["B", "G", "R"]).Where((name, c) => golden.Number("config", "IMAGE", "MEAN", name) == PixelInput.Caffe.Mean[c]));
    }

    private static void Scores(GoldenCase golden, string name, int labels, IReadOnlyList<(LabelMap Truth, LabelMap Prediction)> maps,
        double tolerance)
    {
        var matrix = new ConfusionMatrix(labels);
        foreach (var (truth, prediction) in maps)
            matrix.Add(truth, prediction);
        var scores = DeepLabScores.Of(matrix);
        foreach (var (key, actual) in ((string, double)[])[
            ("Pixel Accuracy", scores.PixelAccuracy), ("Mean Accuracy", scores.MeanAccuracy), ("Frequency Weighted IoU", scores.FrequencyWeightedIou),
            ("Mean IoU", scores.MeanIou)])
            GoldenAssert.Close(golden.Number(name, key), actual, tolerance, $"{name}, {key}");
        GoldenAssert.Close(
            [.. Enumerable.Range(0, labels).Select(label => golden.Number(name, "Class IoU", $"{label}"))],
            [.. matrix.PerClassIou.Select(iou => iou ?? double.NaN)], tolerance, $"{name}, IoU");
    }

    internal static DenseCrfSettings Crf(JsonElement crf)
    {
        float Given(string name) => crf.GetProperty(name).GetSingle();
        return new((int)Given("ITER_MAX"), PairwiseKernel.Gaussian(Given("POS_XY_STD"), Given("POS_W")),
            PairwiseKernel.Bilateral(Given("BI_XY_STD"), Given("BI_RGB_STD"), Given("BI_W")));
    }

    private static IEnumerable<(string, Func<Tensor, Tensor>)> Layers(DeeplabV2 net)
    {
        foreach (var (layer, i) in ((DeeplabResNet)net.Backbone).Layers.Select((layer, i) => (layer, i)))
            yield return ($"layer{i + 1}", layer.call);
        yield return ("aspp", net.Aspp.call);
    }

    private static void Close(this GoldenCase golden, string array, Tensor labels)
    {
        Assert.Equal(golden.Array(array).Shape, labels.shape);
        GoldenAssert.Same<long>(Array.ConvertAll(golden.Array(array).UInt8, label => (long)label), labels.cpu().contiguous().data<long>().ToArray(),
            array);
    }

    internal static double[] Scales(GoldenCase golden) =>
        golden.Json.TryGetProperty("scales", out var scales) ? [.. scales.EnumerateArray().Select(scale => scale.GetDouble())] : [0.5, 0.75];

    /// <summary>The network in evaluation, with the formula weights that the case lists.</summary>
    internal static DeeplabV2 Net(GoldenCase golden)
    {
        var net = GoldenTensors.Fill(Empty(golden), golden.ParametersIn(golden.Json.GetProperty("params_file").GetString()!), Ours);
        net.eval();
        return net;
    }

    private static DeeplabV2 Empty(GoldenCase golden)
    {
        var backbone = new DeeplabResNet(golden.Ints("n_blocks"));
        var classes = golden.Json.TryGetProperty("n_classes", out var given) ? given.GetInt32() : 21;
        return new(backbone, backbone.Channels, classes, golden.Json.TryGetProperty("atrous_rates", out _) ? golden.Ints("atrous_rates") : null,
            Scales(golden));
    }

    internal static string Ours(string name) => name.StartsWith("layer", StringComparison.Ordinal) ? $"backbone.{name}" : name;
}
