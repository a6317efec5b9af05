using Dashboard.Backend.Methods.Pamr;
using Dashboard.Tests.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.Pamr;

[Collection(LibtorchCollection.Name)]
public sealed class PixelAdaptiveRefinementTests
{
    private const int Height = 7, Width = 9;
    private static readonly int[] Dilations = [1, 3];

    /// <summary>The paper's equations, pixel by pixel in double precision.</summary>
    [Fact]
    public void Refine_TwoIterations_EqualsThePapersSums()
    {
        using var scope = NewDisposeScope();
        var random = new Random(0);
        var image = Enumerable.Range(0, 3 * Height * Width).Select(_ => (float)random.Next(256)).ToArray();
        var scores = Enumerable.Range(0, 2 * Height * Width).Select(_ => random.NextSingle()).ToArray();

        var refined = PixelAdaptiveRefinement.refine(tensor(image, [3, Height, Width]), tensor(scores, [2, Height, Width]), Dilations, iterations: 2);

        var expected = Iterate(image, Iterate(image, Array.ConvertAll(scores, score => (double)score)));
        foreach (var (value, wanted) in refined.data<float>().ToArray().Zip(expected))
            Assert.Equal(wanted, value, 4e-6);
    }

    [Fact]
    public void Refine_OneColour_AveragesTheNeighboursAndStaysFinite()
    {
        using var scope = NewDisposeScope();
        var scores = zeros(1, 3, 3);
        scores[0, 1, 1] = 1;

        var refined = PixelAdaptiveRefinement.refine(ones(3, 3, 3), scores, [1], iterations: 1);

        // The middle sees eight zeros; each of the others sees the middle once.
        Assert.Equal([0.125f, 0.125f, 0.125f, 0.125f, 0, 0.125f, 0.125f, 0.125f, 0.125f], refined.data<float>().ToArray());
    }

    private static double[] Iterate(float[] image, double[] scores)
    {
        var refined = new double[scores.Length];
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                var positions = (from d in Dilations
                                 from dy in (int[])[-1, 0, 1]
                                 from dx in (int[])[-1, 0, 1]
                                 where dy != 0 || dx != 0
                                 select Math.Clamp(y + d * dy, 0, Height - 1) * Width + Math.Clamp(x + d * dx, 0, Width - 1)).ToList();
                var likeness = positions.Select(_ => 0.0).ToArray();
                for (var channel = 0; channel < 3; channel++)
                {
                    double At(int position) => image[channel * Height * Width + position];
                    var centre = At(y * Width + x);
                    var around = positions.Select(At).Concat(Dilations.Select(_ => centre)).ToList();
                    var mean = around.Average();
                    var σ = Math.Sqrt(around.Sum(value => (value - mean) * (value - mean)) / (around.Count - 1));
                    foreach (var (n, position) in positions.Index())
                        likeness[n] -= Math.Abs(At(position) - centre) / (1e-8 + 0.1 * σ) / 3;
                }
                var weights = Array.ConvertAll(likeness, value => Math.Exp(value - likeness.Max()));
                for (var k = 0; k < scores.Length / (Height * Width); k++)
                    refined[k * Height * Width + y * Width + x] =
                        positions.Select((position, n) => weights[n] * scores[k * Height * Width + position]).Sum() / weights.Sum();
            }
        return refined;
    }
}
