using System.Text.Json;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Methods.Clims;
using Dashboard.Backend.Models;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>
/// Whole steps of the trainer, three in a row, against the loop of the authors' train_clims.py: ResNet-50, CLIP, losses, PolyOptimizer.
/// </summary>
public static class ClimsTrainingStepChecks
{
    private const int Classes = 20;

    /// <summary>
    /// In float32 against the reference's, and in float64 against its own run in float64. BatchNorm over two images lets rounding grow from step to
    /// step, and processors round differently: where the reference's own rounding comes near the tolerance, float64 alone tells of a parameter.
    /// </summary>
    [GoldenCheck("clims-training-step", "three-steps-default-lr")]
    [GoldenCheck("clims-training-step", "three-steps")]
    internal static void Steps(GoldenCase golden)
    {
        Train(golden, ScalarType.Float32, (step, terms, net) =>
        {
            var tolerance = golden.Tolerance(step == 0 ? "step0_loss_rel" : "later_losses_rel");
            foreach (var (name, loss) in terms)
            {
                var expected = golden.Number("steps", $"{step}", name);
                GoldenAssert.Close(expected, loss, tolerance * Math.Abs(expected), $"step {step}, {name}");
            }
            Ends(golden.Value("steps", $"{step}", "params"), golden.Value("steps_fp64", $"{step}", "params"), net, tolerance: 2e-4, $"step {step}");
            if (step > 0)
                return;
            foreach (var gradient in golden.Value("steps", "0", "grads").EnumerateObject())
            {
                var expected = gradient.Value.GetProperty("abs_sum").GetDouble();
                var actual = net.get_parameter(ResNet50CamChecks.Ours(gradient.Name))!.grad!.abs().sum(ScalarType.Float64).item<double>();
                GoldenAssert.Close(expected, actual, 1e-2 * expected, $"gradient of {gradient.Name}");
            }
        });

        using var scope = NewDisposeScope();
        Tensor? classifier = null;
        Train(golden, ScalarType.Float64, (step, terms, net) =>
        {
            foreach (var (name, loss) in terms)
                GoldenAssert.Close(golden.Number("steps_fp64", $"{step}", name), loss, 1e-5 * Math.Abs(loss), $"step {step} in float64, {name}");
            var exact = golden.Value("steps_fp64", $"{step}", "params");
            Ends(exact, exact, net, tolerance: 1e-6, $"step {step} in float64");
            classifier = net.Classifier.weight!.detach().clone().MoveToOtherDisposeScope(scope);
        });
        // Of this array there is the float32 run alone: as a whole it is allowed what the losses of these steps are, ten times the reference's
        // rounding.
        var reference = golden.Array("classifier_weight_after_first64");
        var after = classifier!.narrow(1, 0, reference.Shape[1]).to(float32).cpu().contiguous().data<float>().ToArray();
        var distance = Math.Sqrt(reference.Float32.Zip(after, (expected, actual) => Math.Pow(expected - actual, 2))
            .Sum() / reference.Float32.Sum(expected => Math.Pow(expected, 2)));
        GoldenAssert.Close(0, distance, golden.Tolerance("later_losses_rel"), "relative distance of the classifier's weight after the steps");
    }

    /// <param name="look">Gets every step's number, losses and network.</param>
    private static void Train(GoldenCase golden, ScalarType type, Action<int, IReadOnlyList<(string Name, double Loss)>, CamNet> look)
    {
        using var scope = NewDisposeScope();
        using var clip = ClipChecks.FormulaModel(golden, "params_clip.json").freeze();
        clip.to(type);
        clip.compute_in(type);
        // Only the first case lists the network's weights.
        using var net = ResNet50CamChecks.FormulaNet(golden.Sibling("three-steps-default-lr"), "params_resnet.json", outputStride: 16, Classes);
        net.to(type);
        var json = golden.Json;
        var weights = json.GetProperty("hyper").EnumerateArray().Select(weight => weight.GetDouble()).ToArray();
        var options = new ClimsOptions
        {
            LearningRate = json.GetProperty("learning_rate").GetDouble(),
            WeightDecay = json.GetProperty("weight_decay").GetDouble(),
            OtmWeight = weights[0],
            BtmWeight = weights[1],
            CbsWeight = weights[2],
            RegWeight = weights[3],
        };
        var texts =
            new ClimsTexts(ClimsLossesChecks.Encode(clip, golden.Array("class_tokens")), ClimsLossesChecks.Encode(clip, golden.Array("bg_tokens")));
        var loss = new ClimsLoss(ClimsLossesChecks.Tower(clip), json.GetProperty("clip_input_size").GetInt32(), texts, options);
        using var optimizer = CamOptimizers.Create(options, net);
        var schedule = new PolySchedule(optimizer, json.GetProperty("max_step").GetInt32());
        net.train(options.BatchNorm);

        var batches = json.GetProperty("labels").EnumerateArray().Select(batch =>
            batch.EnumerateArray().Select(image => image.EnumerateArray().Select(k => k.GetInt64()).ToArray()).ToArray()).ToArray();
        for (var step = 0; step < batches.Length; step++)
        {
            using var batchScope = NewDisposeScope();
            schedule.Apply(step);
            var pairs = batches[step].SelectMany((tags, image) => tags.SelectMany(k => (long[])[image, k])).ToArray();
            optimizer.zero_grad();
            var terms = ClimsTrainer.Terms(net, loss, Images(json.GetProperty("crop").GetInt32(), first: 2 * step).to(type),
                tensor(pairs, [pairs.Length / 2, 2]).to(TestDevice.Current), new(Precision.Float32, TestDevice.Current));
            optimizer.step();
            look(step,
                [("L_OTM", Value(terms.Otm)), ("L_BTM", Value(terms.Btm)), ("L_CBS", Value(terms.Cbs)), ("L_REG", Value(terms.Reg)),
                    ("total", Value(terms.Total))],
                net);
        }

        static double Value(Tensor loss) => loss.to(float64).item<double>();
    }

    /// <summary>The two images of a batch.</summary>
    private static Tensor Images(int crop, int first) =>
        stack([.. Enumerable.Range(first, 2).Select(i => tensor(GoldenFormula.Values((uint)(7000 + i), 3L * crop * crop, 0, 2, 0), [3, crop, crop]))])
            .to(TestDevice.Current);

    /// <summary>
    /// The first four and the last two values of every recorded parameter, but for those that differ from the reference's own run in float64 by more
    /// than half the tolerance.
    /// </summary>
    /// <param name="exact">Of the run in float64.</param>
    /// <param name="tolerance">Times max(1, |v|); to it comes twice the reference's rounding.</param>
    private static void Ends(JsonElement parameters, JsonElement exact, CamNet net, double tolerance, string what)
    {
        var state = net.state_dict();
        foreach (var parameter in parameters.EnumerateObject())
        {
            var reference = EndsOf(parameter.Value);
            var noise = reference.Zip(EndsOf(exact.GetProperty(parameter.Name)), (single, inDouble) => Math.Abs(single - inDouble)).Max();
            if (noise > tolerance / 2)
                continue;
            using var scope = NewDisposeScope();
            var values = state[ResNet50CamChecks.Ours(parameter.Name)].detach().to(float64).cpu().contiguous().data<double>().ToArray();
            double[] actual = [.. values[..4], .. values[^2..]];
            for (var i = 0; i < reference.Length; i++)
                GoldenAssert.Close(reference[i], actual[i], tolerance * Math.Max(1, Math.Abs(reference[i])) + 2 * noise,
                    $"{what}, {parameter.Name}, value {i}");
        }
    }

    private static double[] EndsOf(JsonElement statistics) =>
        [.. statistics.GetProperty("first4")
            .EnumerateArray()
            .Concat(statistics.GetProperty("last2").EnumerateArray())
            .Select(value => value.GetDouble())];
}
