using System.Text.Json;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Models;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Seeds;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Golden;

/// <summary>The CAM network, its optimiser and the multi-scale merge against the code of CLIMS.</summary>
public static class ResNet50CamChecks
{
    [GoldenCheck("resnet50-cam", "forward")]
    public static void Forward(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var evaluation = golden.Json.GetProperty("tolerance").GetProperty("eval_mode").GetDouble();
        var training = golden.Json.GetProperty("tolerance").GetProperty("train_mode").GetDouble();
        var (values, shape) = golden.FormulaInput("x");
        var x = tensor(values, shape).to(TestDevice.Current);
        var net = Net(golden, 16);

        net.eval();
        Close(golden, "clims_eval", net.maps(x).sigmoid(), evaluation);
        Close(golden, "net_eval_logits", net.call(x), evaluation);
        Close(golden, "cam_separate", net.maps(x), evaluation);
        Close(golden, "net_cam_cams", functional.relu(net.maps(x)), evaluation);
        var flipped = functional.relu(net.maps(stack([x[0], x[0].flip(2)])));
        Close(golden, "cam_flip_sum", flipped[0] + flipped[1].flip(2), evaluation);
        TensorStatistics.Check(golden.Value("feature_stats"), net.Backbone.call(x), 1e-4, 1e-3, 1e-3, "features");

        net.train(BatchNormMode.Fixed);
        Close(golden, "baseline_net_train_mode_logits", net.call(x), evaluation);

        net.train(BatchNormMode.Ordinary);
        Close(golden, "clims_train_mode", net.maps(x).sigmoid(), training);
        var state = net.state_dict();
        foreach (var statistic in golden.Value("bn_after_one_train_forward").EnumerateObject())
            TensorStatistics.Check(statistic.Value, state[Ours(statistic.Name)], 1e-4, 1e-4, 1e-3, statistic.Name);

        var stride8 = Net(golden, 8);
        stride8.eval();
        Close(golden, "clims_eval_stride8_dilated", stride8.maps(x).sigmoid(), evaluation);
    }

    [GoldenCheck("resnet50-cam", "sgd-steps-clims")]
    public static void StepsOfClims(GoldenCase golden)
    {
        var net = Train(
            golden, golden.Value("steps"), BatchNormMode.Ordinary, learningRate: 0.05, totalSteps: 10,
            (net, x) =>
            {
                var maps = net.maps(x).sigmoid();
                var weights = tensor(GoldenFormula.Values(5001, maps.NumberOfElements, 0, 1, 0), maps.shape).to(TestDevice.Current);
                return (maps * weights).mean();
            });
        var reference = golden.Array("classifier_weight_after");
        using var scope = NewDisposeScope();
        GoldenAssert.CloseRelativeToMaximum(
            reference.Float32, Floats(net.Classifier.weight!.narrow(1, 0, reference.Shape[1])), 5e-3, "classifier weight after the steps");
    }

    [GoldenCheck("resnet50-cam", "sgd-step-net")]
    public static void StepOfBaseline(GoldenCase golden)
    {
        var labels = golden.Array("labels");
        Tensor Loss(CamNet net, Tensor x) =>
            functional.multilabel_soft_margin_loss(net.call(x), tensor(labels.Float32, labels.Shape).to(TestDevice.Current));

        Train(golden, golden.Value("batchnorm_variant"), BatchNormMode.Ordinary, learningRate: 0.1, totalSteps: 10, Loss);
        Train(golden, golden.Value("fixed_batchnorm_variant(net/resnet50_cam)"), BatchNormMode.Fixed, learningRate: 0.1, totalSteps: 10, Loss);
    }

    [GoldenCheck("resnet50-cam", "make-cam-multiscale")]
    public static void MultiScale(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var tolerance = golden.RelativeTolerance();
        var net = Net(golden.Sibling("forward"), 16);
        net.eval();
        double[] scales = [1.0, 0.5, 1.5, 2.0];
        var inference = new CamInference(net, scales, flip: true, TestDevice.Current);
        var labels = golden.Json.GetProperty("labels").EnumerateArray().Select(image =>
            image.EnumerateArray().Select(k => k.GetInt32()).ToList()).ToList();
        for (var i = 0; i < labels.Count; i++)
        {
            var image = ImageFile.ReadRgb(golden.File($"img{i}.png"));
            for (var s = 0; s < scales.Length && golden.HasArray($"img{i}_scale{s}_out"); s++)
                using (no_grad())
                    Close(golden, $"img{i}_scale{s}_out", inference.FlipSum([image], scales[s])[0], tolerance);

            Assert.Equal(golden.Array($"img{i}_keys").Int64, labels[i].Select(k => (long)k));
            using var maps = inference.Maps([image], [labels[i]])[0];
            Close(golden, $"img{i}_cam", maps.Strided, tolerance);
            Close(golden, $"img{i}_high_res", maps.Full, tolerance);
        }
    }

    /// <summary>Trains as PolyOptimizer does and compares loss, learning rates, gradients and parameters of every recorded step.</summary>
    private static CamNet Train(GoldenCase golden, JsonElement steps, BatchNormMode mode, double learningRate, int totalSteps,
        Func<CamNet, Tensor, Tensor> loss)
    {
        var forward = golden.Sibling("forward");
        var (values, shape) = forward.FormulaInput("x");
        var net = Net(forward, 16);
        net.train(mode);
        using var x = tensor(values, shape).to(TestDevice.Current);
        var optimizer = CamOptimizers.Create(new CamOptions { LearningRate = learningRate, DetachLayer2 = false }, net);
        var schedule = new PolySchedule(optimizer, totalSteps);
        var t = 0;
        foreach (var step in steps.EnumerateArray())
        {
            using var scope = NewDisposeScope();
            schedule.Apply(t++);
            GoldenAssert.Close([.. step.GetProperty("lr").EnumerateArray().Select(rate => rate.GetDouble())],
                [.. optimizer.ParamGroups.Select(group => group.LearningRate)], 1e-12, $"step {t}, learning rates");
            optimizer.zero_grad();
            var value = loss(net, x);
            GoldenAssert.Close(step.GetProperty("loss").GetDouble(), value.item<float>(), golden.Tolerance("loss_abs"), $"step {t}, loss");
            value.backward();
            // Of later steps only what they lead to is compared: BatchNorm over two images makes a gradient's rounding grow from step to step.
            if (t == 1 && step.TryGetProperty("grad", out var gradients))
                foreach (var gradient in gradients.EnumerateObject())
                {
                    var actual = net.get_parameter(Ours(gradient.Name))!.grad!;
                    var rms = Math.Sqrt(gradient.Value.GetProperty("sq_sum").GetDouble() / actual.NumberOfElements);
                    // 0.03 rms is what another set of BLAS kernels (with or without fused multiply-add) already moves a single value by.
                    TensorStatistics.Check(gradient.Value, actual, 2e-3, 0.05 * rms, 1e-3, $"step {t}, gradient of {gradient.Name}");
                }
            optimizer.step();
            var state = net.state_dict();
            foreach (var parameter in step.GetProperty("params").EnumerateObject())
                TensorStatistics.Check(parameter.Value, state[Ours(parameter.Name)], 1e-4, 1e-4, 1e-3, $"step {t}, {parameter.Name}");
        }
        return net;
    }

    private static CamNet Net(GoldenCase golden, int outputStride) =>
        FormulaNet(golden, "params.json", outputStride, golden.Json.GetProperty("n_classes").GetInt32());

    /// <summary>The network with the formula weights that a file of the case lists.</summary>
    internal static CamNet FormulaNet(GoldenCase golden, string file, int outputStride, int classes)
    {
        var net = new CamNet(ResNetShape.ResNet50, outputStride, detachLayer2: false, classes);
        var state = net.state_dict();
        using var guard = no_grad();
        foreach (var (name, shape, values) in golden.Parameters(file))
            if (!name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
                using (var value = tensor(values, shape))
                    state[Ours(name)].copy_(value);
        net.to(TestDevice.Current);
        return net;
    }

    internal static string Ours(string name) => name.Replace("resnet50.", "backbone.", StringComparison.Ordinal);

    private static void Close(GoldenCase golden, string array, Tensor actual, double tolerance)
    {
        var reference = golden.Array(array);
        Assert.Equal(reference.Shape, actual.shape);
        GoldenAssert.CloseRelativeToMaximum(reference.Float32, Floats(actual), tolerance, array);
    }

    private static float[] Floats(Tensor values) => values.detach().cpu().contiguous().data<float>().ToArray();
}
