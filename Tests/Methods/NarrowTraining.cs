using Dashboard.Backend.Datasets;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods;

namespace Dashboard.Tests.Methods;

/// <summary>What every method's training in bfloat16 must keep.</summary>
internal static class NarrowTraining
{
    /// <summary>Of the first step's loss, which equal weights give, relative to that of float32. A number in bfloat16 is exact to 1/256.</summary>
    private const double FirstTolerance = 0.01;

    /// <param name="tolerance">The same of every loss, which depends on the steps before it.</param>
    public static void AssertNear(MethodRuns runs, MethodOptions single, MethodOptions narrow, IImageDataset data, double tolerance = 0.05)
    {
        runs.Execute(single, data);
        var expected = Losses();

        var run = runs.Execute(narrow, data);

        Assert.NotEqual(expected, Losses());
        Assert.Equal(expected[0], Losses()[0], FirstTolerance * Math.Abs(expected[0]));
        foreach (var (loss, other) in expected.Zip(Losses()))
            Assert.Equal(loss, other, tolerance * Math.Abs(loss));
        // Masters of the weights, and what the optimiser keeps of them; counters, and the bytes of maps.
        foreach (var file in Directory.GetFiles(Directory.GetDirectories(run.Checkpoints).Order().Last(), "*.safetensors"))
            using (var checkpoint = CheckpointFile.Open(file))
                Assert.All(checkpoint.Tensors, tensor =>
                    Assert.True(tensor.Value.Type is TensorType.Float32 or TensorType.Int64 or TensorType.UInt8, tensor.Key));

        List<double> Losses() => [.. runs.Metrics("loss").Select(metrics => metrics.Values["loss"])];
    }
}
