using System.Text.Json;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Psa;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Models.Psa;
using Dashboard.Backend.Postprocess.RandomWalk;
using Dashboard.Backend.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>PSA: AffinityNet over both backbones, its labels, its loss and training, and the labels it makes in the end.</summary>
public static class PsaChecks
{
    [GoldenCheck("psa-network", "aff-vgg16")]
    [GoldenCheck("psa-network", "aff-resnet38")]
    internal static void Network(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (net, x, tolerance) = (Net(golden), golden.Input("x"), golden.RelativeTolerance());

        var maps = net.Backbone.call(x);
        foreach (var (map, statistics) in maps.Zip(golden.Value("backbone").EnumerateObject()))
            Statistics(statistics.Value, map, statistics.Name);
        var features = net.call(x);
        Statistics(golden.Value("features_after_f9_elu"), features, "features");
        golden.CloseFirst("features_first", features, dimension: 1, tolerance);

        var pairs = new FeatureAffinity(new PathIndex(golden.Int("radius")));
        var affinity = pairs.Affinity(features);
        golden.Close("affinity", affinity, tolerance);
        Statistics(golden.Value("affinity_stat"), affinity, "affinity");
        var matrix = pairs.Matrix(affinity[0], (int)features.shape[3], (int)features.shape[2]);
        Assert.Equal(golden.Value("dense", "nonzero").GetInt32(), matrix.Count);
        GoldenAssert.Close(
            golden.Array("dense_rows").Float32,
            [.. golden.Ints("dense_rows").SelectMany(row => Enumerable.Range(0, matrix.Size).Select(column => matrix[row, column]))], tolerance,
            "dense_rows");

        void Statistics(JsonElement expected, Tensor actual, string what)
        {
            if (expected.TryGetProperty("shape", out var shape))
                Assert.Equal(shape.EnumerateArray().Select(size => size.GetInt64()), actual.shape);
            TensorStatistics.Check(expected, actual, tolerance, tolerance * actual.abs().max().item<float>(), 0, what);
        }
    }

    [GoldenCheck("psa-network", "extract-affinity-labels")]
    internal static void PairsOfLabels(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var (index, size) = (new PathIndex(golden.Int("radius")), golden.Size("size"));
        var grid = new PairGrid(index.Radius, size.Width, size.Height);
        Assert.Equal(
            golden.Value("search_dist").EnumerateArray().Select(direction => new Offset(direction[0].GetInt32(), direction[1].GetInt32())),
            index.Directions.Select(direction => direction.Destination));
        GoldenAssert.Same<long>(golden.Array("ind_from").Int64, Array.ConvertAll(grid.At(new(0, 0)), position => (long)position), "ind_from");
        GoldenAssert.Same<long>(golden.Array("ind_to").Int64,
            [.. index.Directions.SelectMany(direction => grid.At(direction.Destination)).Select(position => (long)position)], "ind_to");

        var labels = PairLabels.Of(golden.Tensor("label").unsqueeze(0), index, index.Directions, firstInvalid: 255);
        foreach (var (name, mask) in ((string, Tensor)[])[("bg_pos", labels.BackgroundPositive), ("fg_pos", labels.ForegroundPositive),
            ("neg", labels.Negative)])
        {
            GoldenAssert.Same<float>(golden.Array(name).Float32, GoldenTensors.Floats(mask), name);
            Assert.Equal(golden.Number($"{name}_count"), mask.sum().item<float>());
        }
    }

    [GoldenCheck("psa-network", "crf-la-ha")]
    internal static void Scores(GoldenCase golden)
    {
        var (image, cams, classes) = (ImageFile.ReadRgb(golden.File("image.png")), golden.Array("cams").Float32, golden.Ints("classes").Length);
        Assert.Equal((golden.Double("low_alpha"), golden.Double("high_alpha")), (PsaCrf.LowAlpha, PsaCrf.HighAlpha));
        foreach (var (name, alpha) in ((string, double)[])[("la", golden.Double("low_alpha")), ("ha", golden.Double("high_alpha"))])
        {
            var scores = PsaCrf.Scores(image, cams, classes, alpha, threads: 2);
            GoldenAssert.Close(golden.Array(name).Float32, scores, golden.Tolerance("marginals_abs"), name);
            var largest = DeeplabInference.Largest(tensor(scores, [1 + classes, image.Height, image.Width]));
            golden.Agree($"{name}_argmax", largest, golden.Tolerance("argmax_agreement"));
        }
    }

    [GoldenCheck("psa-network", "aff-dataset")]
    internal static void TrainingCrop(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var image = ImageFile.ReadRgb(golden.File("image.png"));
        var draws = new Queue<int>(golden.Value("random_crop_calls[(n,randrange(n))]").EnumerateArray().Select(call => call[1].GetInt32()));
        var box = CropBox.Place(image.Size, golden.Int("crop_size"), _ => draws.Dequeue());

        var labels = PsaLabels.Of(golden.Array("la").Float32, golden.Array("ha").Float32, (int)golden.Array("la").Shape[0], image.Size, box);
        GoldenAssert.Same<byte>(golden.Array("label").UInt8, labels.Labels, "label");

        // The crop is cut out of the image before the mean is taken away: what lies beyond is black.
        var planes = PixelInput.Caffe.ToPlanes(box.Cut(image, fill: 0));
        TensorStatistics.Check(golden.Value("image_out"), tensor(planes), 1e-6, 1e-4, 0, "image");

        var pairs = PairLabels.Of(tensor(Array.ConvertAll(labels.Labels, label => (long)label), new long[] { 1, labels.Height, labels.Width }),
            new PathIndex(5), new PathIndex(5).Directions, 255);
        Assert.Equal(golden.Number("bg_pos_count"), pairs.BackgroundPositive.sum().item<float>());
        Assert.Equal(golden.Number("fg_pos_count"), pairs.ForegroundPositive.sum().item<float>());
        Assert.Equal(golden.Number("neg_count"), pairs.Negative.sum().item<float>());
    }

    [GoldenCheck("psa-network", "losses-and-training-step")]
    internal static void TrainingStep(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var (net, x, labels) = (Net(golden), golden.Input("x"), golden.Tensor("labels"));
        var weightDecay = golden.Double("wt_dec");
        using var optimizer = PsaOptimizer.Create(net, golden.Double("lr"), weightDecay);
        var schedule = new PolySchedule(optimizer, golden.Int("max_step"));
        Groups(golden, net, optimizer);

        net.train();
        // Its channels would drop at random.
        ((Vgg16)net.Backbone).Dropout.eval();
        var loss = new PsaLoss(golden.Int("radius"));
        var step = 0;
        foreach (var expected in golden.Value("steps").EnumerateArray())
        {
            using var batch = NewDisposeScope();
            schedule.Apply(step);
            GoldenAssert.Close([.. expected.GetProperty("lr").EnumerateArray().Select(rate => rate.GetDouble())],
                [.. optimizer.ParamGroups.Select(group => group.LearningRate)], 1e-12, "learning rates");
            optimizer.zero_grad();
            var features = net.call(x);
            var terms = loss.Of(features, labels);
            foreach (var (name, term) in ((string, Tensor)[])[("bg_loss", terms.Background), ("fg_loss", terms.Foreground),
                ("neg_loss", terms.Negative), ("loss", terms.Total)])
                GoldenAssert.Close(expected.GetProperty(name).GetDouble(), term.item<float>(),
                    golden.Tolerance("losses_rel") * expected.GetProperty(name).GetDouble(), $"step {step}, {name}");
            terms.Total.backward();
            if (step == 0)
            {
                var rule = GoldenCase.RelativeRuleIn(golden.Json.GetProperty("tolerance").GetProperty("grads").GetString()!)!.Value;
                golden.Close("affinity_step0", new FeatureAffinity(new PathIndex(golden.Int("radius"))).Affinity(features), golden.Relative("maps"));
                golden.CloseFirst("grad_f9_first", net.get_parameter("f9.weight")!.grad!, dimension: 0, rule);
                golden.CloseFirst("grad_f8_3_first", net.get_parameter("f8_3.weight")!.grad!, dimension: 0, rule);
                foreach (var gradient in expected.GetProperty("grads").EnumerateObject())
                {
                    var actual = net.get_parameter(Ours(gradient.Name))!.grad;
                    if (gradient.Value.ValueKind == JsonValueKind.Null)
                        Assert.Null(actual);
                    else
                        TensorStatistics.Check(gradient.Value, actual!, 1e-2, rule * actual!.abs().max().item<float>(), 0,
                            $"gradient of {gradient.Name}");
                }
            }
            optimizer.step();
            step++;
            var state = net.state_dict();
            if (expected.TryGetProperty("params_after", out var parameters))
                foreach (var parameter in parameters.EnumerateObject())
                    TensorStatistics.Check(parameter.Value, state[Ours(parameter.Name)], 1e-3, 1e-4, 1e-3, $"step {step}, {parameter.Name}");
        }
        golden.CloseFirst("f9_after", net.get_parameter("f9.weight")!, dimension: 0, 1e-3);
    }

    [GoldenCheck("psa-network", "infer-aff")]
    internal static void Labels(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (image, cams, classes) = (ImageFile.ReadRgb(golden.File("image.png")), golden.Array("cams").Float32, golden.Ints("classes"));
        var walk = new PsaWalk { Alpha = golden.Double("alpha"), Beta = golden.Double("beta"), LogSteps = golden.Int("logt") };
        var affinity = new PsaInference(Net(golden), walk.Radius, PixelInput.Caffe, TestDevice.Current).Affinity(image);

        var pooled = walk.Pool(cams, classes.Length, image.Size);
        GoldenAssert.CloseRelativeToMaximum(golden.Array("cam_pooled").Float32, pooled, golden.Relative("cam_pooled"), "cam_pooled");
        GoldenAssert.CloseRelativeToMaximum(golden.Array("cam_rw").Float32, walk.Propagate(pooled, classes.Length, affinity), golden.Relative("rw"),
            "cam_rw");
        golden.Agree("pred", walk.Labels(cams, classes, affinity, image.Size), golden.Tolerance("pred_agreement"));
    }

    private static void Groups(GoldenCase golden, AffinityNet net, SGD optimizer)
    {
        Assert.Equal(golden.Numbers("parameter_groups", "lr_multiplier"), PsaOptimizer.Multipliers);
        foreach (var (names, group) in golden.Value("parameter_groups", "names").EnumerateArray().Zip(PsaOptimizer.Groups(net)))
            Assert.Equal(names.EnumerateArray().Select(name => Ours(name.GetString()!)).Order(StringComparer.Ordinal),
                group.Select(named => named.Name).Order(StringComparer.Ordinal));
        var options = optimizer.ParamGroups.Select(group => ((SGD.ParamGroup)group).Options).ToList();
        Assert.Equal(golden.Numbers("sgd_weight_decay_of_groups"), options.Select(group => group.weight_decay!.Value));
        Assert.Equal(golden.Numbers("sgd_momentum_of_groups"), options.Select(group => group.momentum!.Value));
    }

    private static AffinityNet Net(GoldenCase golden)
    {
        var file = golden.Json.GetProperty("params_file").GetString()!;
        var vgg = file.Contains("vgg16", StringComparison.Ordinal);
        var net = new AffinityNet(vgg ? new Vgg16() : new ResNet38(), groupNorm: vgg);
        GoldenTensors.Fill(net, golden.ParametersIn(file), Ours);
        net.eval();
        return net;
    }

    private static string Ours(string name) =>
        name.StartsWith("f8", StringComparison.Ordinal) || name.StartsWith("f9", StringComparison.Ordinal)
            || name.StartsWith("gn8", StringComparison.Ordinal)
        ? name
        : $"backbone.{name}";
}
