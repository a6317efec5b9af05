using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Golden;

/// <summary>A case's numbers as the tensors, images and networks that the checks compare.</summary>
internal static class GoldenTensors
{
    /// <summary>A stored array, on the device of the golden networks.</summary>
    public static Tensor Tensor(this GoldenCase golden, string array)
    {
        var stored = golden.Array(array);
        using var values = stored.Type switch
        {
            "f4" => tensor(stored.Float32, stored.Shape),
            "i8" => tensor(stored.Int64, stored.Shape),
            _ => tensor(Array.ConvertAll(stored.UInt8, value => (long)value), stored.Shape),
        };
        return values.to(TestDevice.Current).alias();
    }

    /// <summary>An input that is defined by the closed formula, on the device of the golden networks.</summary>
    public static Tensor Input(this GoldenCase golden, string name)
    {
        var (values, shape) = golden.FormulaInput(name);
        return tensor(values, shape).to(TestDevice.Current);
    }

    /// <summary>A stored <c>[H, W]</c> array as label map.</summary>
    public static LabelMap Labels(this GoldenCase golden, string array)
    {
        var stored = golden.Array(array);
        return new((int)stored.Shape[1], (int)stored.Shape[0], Array.ConvertAll(stored.AsDouble(), label => (byte)label));
    }

    public static int Int(this GoldenCase golden, string parameter) => golden.Json.GetProperty(parameter).GetInt32();

    public static double Double(this GoldenCase golden, string parameter) => golden.Json.GetProperty(parameter).GetDouble();

    public static int[] Ints(this GoldenCase golden, string parameter) =>
        [.. golden.Json.GetProperty(parameter).EnumerateArray().Select(value => value.GetInt32())];

    /// <summary>A <c>[height, width]</c> parameter.</summary>
    public static ImageSize Size(this GoldenCase golden, string parameter) => new(golden.Ints(parameter)[1], golden.Ints(parameter)[0]);

    /// <summary>The number in a rule <c>max|a-b| &lt;= NUMBER*max|ref|</c> under a name of its own.</summary>
    public static double Relative(this GoldenCase golden, string name) =>
        GoldenCase.RelativeRuleIn(golden.Json.GetProperty("tolerance").GetProperty(name).GetString()!)
            ?? throw new InvalidDataException($"{golden}: no relative tolerance '{name}'.");

    /// <summary>Fills a network with the formula weights that a file lists, under other names where <paramref name="ours"/> says so.</summary>
    public static T Fill<T>(T net, IEnumerable<(string Name, long[] Shape, float[] Values)> parameters, Func<string, string>? ours = null) where T
        : Module
    {
        var state = net.state_dict();
        using var guard = no_grad();
        foreach (var (name, shape, values) in parameters)
            if (!name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
                using (var value = tensor(values, shape))
                    state[ours?.Invoke(name) ?? name].copy_(value);
        net.to(TestDevice.Current);
        return net;
    }

    public static float[] Floats(Tensor values) => values.detach().to(float32).cpu().contiguous().data<float>().ToArray();

    /// <summary>The stored array's shape and, relative to its largest value, its values.</summary>
    public static void Close(this GoldenCase golden, string array, Tensor actual, double tolerance)
    {
        var reference = golden.Array(array);
        Assert.Equal(reference.Shape, actual.shape);
        GoldenAssert.CloseRelativeToMaximum(reference.Float32, Floats(actual), tolerance, array);
    }

    /// <summary>
    /// As above, of the first values along a dimension: as many as the case stored under a name that starts so ("affinity_first" for
    /// "affinity_first20").
    /// </summary>
    public static void CloseFirst(this GoldenCase golden, string prefix, Tensor actual, int dimension, double tolerance)
    {
        var array = golden.ArrayNames.Single(name => name.StartsWith(prefix, StringComparison.Ordinal));
        golden.Close(array, actual.narrow(dimension, 0, golden.Array(array).Shape[dimension]), tolerance);
    }

    /// <summary>At least this share of the pixels have the same label.</summary>
    public static void Agree(this GoldenCase golden, string array, LabelMap actual, double atLeast)
    {
        var expected = golden.Labels(array);
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        var agreement = expected.Labels.Zip(actual.Labels).Count(pair => pair.First == pair.Second) / (double)expected.Labels.Length;
        Assert.True(agreement >= atLeast, $"{array}: {agreement:P3} of the pixels agree, {atLeast:P3} needed.");
    }
}
