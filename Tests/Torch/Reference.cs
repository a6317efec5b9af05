using static TorchSharp.torch;

namespace Dashboard.Tests.Torch;

/// <summary>
/// Inputs and comparisons for the constants in these tests, which are PyTorch 1.13.1's (Debian's python3-torch, one thread, CPU).
/// </summary>
internal static class Reference
{
    /// <summary>(7i mod 11) / 11 - 0.4 for the i-th element: numbers of both signs, without a run of equal differences.</summary>
    public static Tensor Pattern(params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return tensor(Enumerable.Range(0, (int)count).Select(i => i * 7 % 11 / 11f - 0.4f).ToArray()).reshape(shape);
    }

    /// <summary>Fills every parameter with <see cref="Pattern"/>.</summary>
    public static T Fixed<T>(T module) where T : nn.Module
    {
        using var noGrad = no_grad();
        foreach (var parameter in module.parameters())
            parameter.copy_(Pattern(parameter.shape));
        return module;
    }

    public static float[] Values(Tensor tensor) => tensor.detach().cpu().contiguous().data<float>().ToArray();

    public static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<float> actual, double relative = 2e-6)
    {
        Assert.True(actual.Count >= expected.Count, $"expected {expected.Count} numbers, got {actual.Count}");
        for (var i = 0; i < expected.Count; i++)
            AssertClose(expected[i], actual[i], relative, $"number {i}");
    }

    public static void AssertClose(double expected, double actual, double relative = 2e-6, string what = "the number")
        => Assert.True(
            Math.Abs(expected - actual) <= relative * Math.Max(0.1, Math.Abs(expected)), $"{what}: expected {expected:R}, got {actual:R}");

    /// <summary>Σ|x|, in double precision.</summary>
    public static double AbsoluteSum(Tensor tensor) => Values(tensor).Sum(x => Math.Abs((double)x));
}
