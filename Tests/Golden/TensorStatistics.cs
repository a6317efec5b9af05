using System.Text.Json;
using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>Compares a tensor with the sums and samples that a case records of a large one.</summary>
public static class TensorStatistics
{
    /// <summary>
    /// Sums within <paramref name="sums"/> of the recorded absolute sum; samples within <paramref name="absolute"/> + <paramref name="relative"/> *
    /// |reference|.
    /// </summary>
    public static void Check(JsonElement expected, Tensor actual, double sums, double absolute, double relative, string what)
    {
        var values = actual.detach().to(float32).cpu().contiguous().data<float>().ToArray();
        var absoluteSum = expected.GetProperty("abs_sum").GetDouble();
        GoldenAssert.Close(expected.GetProperty("sum").GetDouble(), values.Sum(value => (double)value), sums * absoluteSum, $"{what}, sum");
        GoldenAssert.Close(absoluteSum, values.Sum(value => Math.Abs((double)value)), sums * absoluteSum, $"{what}, absolute sum");

        var first = expected.GetProperty("first4").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        var last = expected.GetProperty("last2").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        for (var i = 0; i < first.Length; i++)
            GoldenAssert.Close(first[i], values[i], absolute + relative * Math.Abs(first[i]), $"{what}, value {i}");
        for (var i = 0; i < last.Length; i++)
            GoldenAssert.Close(last[i], values[values.Length - last.Length + i], absolute + relative * Math.Abs(last[i]),
                $"{what}, value {i - last.Length} from the end");
    }

    /// <summary>
    /// Of a gradient: the absolute sum within <paramref name="relative"/>. Single values and the sum are rounded off over many positions: the sum is
    /// allowed what the absolute sum is, each value as much of the mean.
    /// </summary>
    public static void CheckGradient(JsonElement expected, Tensor actual, double relative, string what)
    {
        var mean = expected.GetProperty("abs_sum").GetDouble() / actual.NumberOfElements;
        Check(expected, actual, relative, relative * mean, relative, $"gradient of {what}");
    }
}
