using TorchSharp;
using static Dashboard.Tests.Torch.Reference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Dashboard.Tests.Torch.Functional;

public class InterpolationTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Resize, long[] Shape, double[] First, double Sum)> Cases = new()
    {
        ["bilinear"] = (x => interpolate(x, [7, 5], mode: InterpolationMode.Bilinear, align_corners: false), [7, 5], [-0.3363636, 0.1272727, 0.1909092], 11.25974),
        ["bilinear, aligned"] = (x => interpolate(x, [7, 5], mode: InterpolationMode.Bilinear, align_corners: true), [7, 5], [-0.4, 0.1454545, 0.1909091], 12.48636),
        ["nearest, factor"] = (x => interpolate(x, scale_factor: [2.0]), [8, 12], [-0.4, -0.4, 0.2363636], 49.6),
        ["bicubic"] = (x => interpolate(x, [3, 9], mode: InterpolationMode.Bicubic, align_corners: false), [3, 9], [-0.322201, 0.002721871, 0.190178], 10.74268),
        ["antialiased"] = (x => interpolate(x, [2, 3], mode: InterpolationMode.Bilinear, antialias: true), [2, 3], [0.0471243, 0.1146104, -0.0270872], 0.7331169),
        ["area"] = (x => interpolate(x, [2, 2], mode: InterpolationMode.Area), [2, 2], [-0.02121213, 0.05454546, 0.1151515], 0.4909091),
        ["bilinear, factor"] = (x => interpolate(x, scale_factor: [1.3], mode: InterpolationMode.Bilinear), [5, 7], [-0.4, 0.0160839, 0.08251745], 11.33515),
        ["bilinear, factor recomputed"] = (
            x => interpolate(x, scale_factor: [1.3], mode: InterpolationMode.Bilinear, recompute_scale_factor: true), [5, 7], [-0.4, 0.09999998, 0.002597381], 11.43506),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Interpolate_GivesPytorchsPixels(string name)
    {
        using var scope = NewDisposeScope();
        var (resize, shape, first, sum) = Cases[name];

        var y = resize(Pattern(1, 2, 4, 6));

        Assert.Equal([1, 2, .. shape], y.shape);
        AssertClose(first, Values(y), 5e-6);
        AssertClose(sum, AbsoluteSum(y), 2e-6);
    }

    [Fact]
    public void Interpolate_NeitherSizeNorFactor_IsRefused()
        => Assert.Throws<ArgumentException>(() => interpolate(Pattern(1, 1, 2, 2)));

    [Fact]
    public void Interpolate_TrilinearOfAnImage_NamesModeAndDimensions()
        => Assert.Contains("Trilinear", Assert.Throws<ArgumentException>(() => interpolate(Pattern(1, 1, 2, 2), [4, 4], mode: InterpolationMode.Trilinear)).Message);
}
