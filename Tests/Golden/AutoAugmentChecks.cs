using Dashboard.Backend.Datasets.AutoAugment;
using Dashboard.Backend.Images;

namespace Dashboard.Tests.Golden;

/// <summary>AutoAugment's operations against Pillow, every byte; its policy against torchvision's list and the authors' magnitudes.</summary>
public static class AutoAugmentChecks
{
    [GoldenCheck("auto-augment", "operations")]
    internal static void Operations(GoldenCase golden)
    {
        var image = Image(golden.Array("image"), 0);
        foreach (var operation in Operation.All)
        {
            var (expected, magnitudes) = (golden.Array(operation.Name), golden.Numbers(operation.Name));
            for (var i = 0; i < magnitudes.Length; i++)
            {
                var actual = operation.Apply(image, magnitudes[i]);
                Assert.Equal(image.Size, actual.Size);
                GoldenAssert.Same<byte>(Image(expected, i).Pixels, actual.Pixels, $"{operation.Name} {magnitudes[i]}");
            }
        }
        GoldenAssert.Same<byte>(golden.Array("image").UInt8, image.Pixels, "the image itself");
    }

    [GoldenCheck("auto-augment", "imagenet-policy")]
    internal static void Policy(GoldenCase golden)
    {
        var expected = golden.Value("subPolicies").EnumerateArray().ToList();
        Assert.Equal(expected.Count, ImageNetPolicy.SubPolicies.Count);
        foreach (var (pair, (first, second)) in expected.Zip(ImageNetPolicy.SubPolicies))
            foreach (var (listed, step) in pair.EnumerateArray().Zip([first, second]))
            {
                Assert.Equal((listed[0].GetString(), listed[1].GetDouble()), (step.Operation.Name, step.Probability));
                if (listed[2].ValueKind != System.Text.Json.JsonValueKind.Null)
                    Assert.Equal(listed[2].GetInt32(), step.Number);
            }

        foreach (var levels in golden.Value("magnitudes").EnumerateObject())
        {
            var operation = Operation.All.Single(operation => operation.Name == levels.Name);
            var actual = Enumerable.Range(0, 10).Select(operation.Magnitude);
            if (operation == Operation.Posterize)
                actual = actual.Select(bits => Math.Round(bits));
            GoldenAssert.Close(golden.Numbers("magnitudes", levels.Name), [.. actual], golden.Tolerance("abs"), levels.Name);
        }
    }

    /// <param name="array"><c>[H, W, 3]</c>, or several of them.</param>
    private static ImageBuffer Image(NpyArray array, int index)
    {
        var (height, width) = ((int)array.Shape[^3], (int)array.Shape[^2]);
        return new(width, height, 3, array.UInt8.AsSpan(index * height * width * 3, height * width * 3).ToArray());
    }
}
