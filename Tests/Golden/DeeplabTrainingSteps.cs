using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Models.Deeplab;
using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>DeepLab's training as the authors' loop does it, compared on the way: learning rates, cross entropies and losses.</summary>
internal static class DeeplabTrainingSteps
{
    /// <param name="net">In training.</param>
    /// <param name="images">Of a batch, by its number in the whole run.</param>
    /// <returns>The network's state before the first step.</returns>
    public static Dictionary<string, Tensor> Run(GoldenCase golden, DeeplabV2 net, Func<int, Tensor> images)
    {
        var solver = golden.Json.GetProperty("solver");
        double Given(string name) => solver.GetProperty(name).GetDouble();
        using var optimizer = DeeplabOptimizer.Create(net, Given("LR"), Given("MOMENTUM"), Given("WEIGHT_DECAY"));
        var schedule = new DeeplabSchedule(optimizer, (long)Given("ITER_MAX"), (long)Given("LR_DECAY"), Given("POLY_POWER"));
        var before = net.state_dict().ToDictionary(named => named.Key, named => named.Value.clone());
        var (loss, parts) = (new DeeplabLoss(), (int)Given("ITER_SIZE"));
        for (var iteration = 0; iteration < (int)Given("ITER_MAX"); iteration++)
        {
            schedule.Apply(iteration);
            GoldenAssert.Close(golden.Numbers("lr_used", $"{iteration}"), [.. optimizer.ParamGroups.Select(group => group.LearningRate)], 1e-12,
                "learning rates");
            optimizer.zero_grad();
            var sum = 0.0;
            for (var part = 0; part < parts; part++)
            {
                using var batch = NewDisposeScope();
                var at = iteration * parts + part;
                var losses = loss.Of(net.pyramid(images(at)), golden.Tensor($"labels_{at}"));
                foreach (var (expected, actual) in golden.Numbers(golden.ValueName("cross_entropy["), $"{iteration}", $"{part}").Zip(losses))
                    GoldenAssert.Close(expected, actual.item<float>(), golden.Tolerance("loss_rel") * expected, $"cross entropy of batch {at}");
                var mean = losses.Aggregate((all, one) => all + one) / parts;
                mean.backward();
                sum += mean.item<float>();
            }
            var whole = golden.Numbers("loss_per_iteration")[iteration];
            GoldenAssert.Close(whole, sum, golden.Tolerance("loss_rel") * whole, $"loss of iteration {iteration}");
            optimizer.step();
        }
        return before;
    }

    /// <summary>What is in no group of the optimiser is as it was, bit for bit.</summary>
    public static void Unchanged(GoldenCase golden, Dictionary<string, Tensor> before, Dictionary<string, Tensor> after)
    {
        foreach (var name in golden.Value("unchanged").EnumerateArray().Select(name => DeeplabChecks.Ours(name.GetString()!)))
            GoldenAssert.Same<float>(GoldenTensors.Floats(before[name]), GoldenTensors.Floats(after[name]), name);
    }
}
