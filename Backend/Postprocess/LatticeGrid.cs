using System.Numerics;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// How the vertices of a permutohedral lattice are numbered: those of one remainder by a key, the quotients written in a mixed radix wide enough that
/// a step to a neighbour never carries. Then a neighbour's key is the vertex's plus a constant.
/// </summary>
internal sealed class LatticeGrid
{
    /// <summary>Coordinates below this leave float32 enough digits to place a point within its simplex.</summary>
    private const double LargestCoordinate = 1 << 20;

    /// <param name="features">One array a dimension.</param>
    /// <exception cref="ArgumentException">The features spread over more cells than keys can number.</exception>
    public LatticeGrid(float[][] features)
    {
        Dimensions = features.Length;
        var deviation = (float)(Math.Sqrt(2.0 / 3) * (Dimensions + 1));
        Scales = [.. Enumerable.Range(0, Dimensions).Select(i => (float)(1 / Math.Sqrt((i + 2.0) * (i + 1)) * deviation))];
        Origins = new long[Dimensions];
        Strides = new long[Dimensions + 1];

        // Each elevated coordinate is linear in the features: over their box it is extreme at corners.
        var bounds = features.Select((values, i) => (Low: (double)values.Min() * Scales[i], High: (double)values.Max() * Scales[i])).ToArray();
        Int128 cells = 1;
        for (var i = 0; i < Dimensions; i++)
        {
            var (low, high) = i == 0 ? (0.0, 0.0) : (-i * bounds[i - 1].High, -i * bounds[i - 1].Low);
            foreach (var bound in bounds[i..])
                (low, high) = (low + bound.Low, high + bound.High);

            if (!(low > -LargestCoordinate && high < LargestCoordinate))
                throw TooFine();

            // Two more on each side than rounding gives: one for the simplex's other vertices, one for the neighbours of the outermost.
            Origins[i] = (long)Math.Floor(low / (Dimensions + 1)) - 3;
            Strides[i] = (long)cells;
            cells *= (long)Math.Ceiling(high / (Dimensions + 1)) + 3 - Origins[i];
            if (cells > long.MaxValue / (Dimensions + 1))
                throw TooFine();
        }

        KeyBits = 64 - BitOperations.LeadingZeroCount((ulong)(long)cells);
    }

    public int Dimensions { get; }

    /// <summary>The diagonal of the elevation matrix, scaled so that one blur along each axis has standard deviation 1.</summary>
    public float[] Scales { get; }

    /// <summary>The smallest quotient of each of the first d coordinates.</summary>
    public long[] Origins { get; }

    /// <summary>What one more in quotient i adds to a key, <c>[d+1]</c>; the last is 0, as the last coordinate follows from the others.</summary>
    public long[] Strides { get; }

    /// <summary>How many low bits of the keys can be set; d+1 times a key is still a long.</summary>
    public int KeyBits { get; }

    /// <summary>What the blurs along all axes add, taken off at the slice: 1 / (1 + 2^-d).</summary>
    public float Alpha => 1 / (1 + MathF.Pow(2, -Dimensions));

    /// <summary>
    /// One step down an axis all coordinates fall by 1 and the axis's own rises by d: to the remainder below, and below remainder 0 comes remainder d
    /// with every quotient one less.
    /// </summary>
    /// <returns>The neighbour's remainder, and what is added to the key.</returns>
    public (int Remainder, long Step) Below(int remainder, int axis) =>
        remainder > 0 ? (remainder - 1, Strides[axis]) : (Dimensions, Strides[axis] - Strides.Sum());

    private static ArgumentException TooFine() =>
        new("The kernel's standard deviations are too small for this image: its lattice has more cells than can be numbered. Enlarge them.");
}
