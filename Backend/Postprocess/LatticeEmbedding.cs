using System.Numerics;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// Where each pixel lies in the permutohedral lattice: the d+1 vertices of its simplex and its barycentric coordinates
/// (Adams, Baek and Davis 2010, section 3; rounding and ties as pydensecrf's SSE build has them).
/// </summary>
/// <remarks>
/// A vertex has d+1 integer coordinates that sum to 0 and leave the same remainder k modulo d+1, so k and the quotients of the first d
/// name it. A pixel's simplex has one vertex of every remainder. Vertices of one remainder are numbered by a key, the quotients written in
/// a mixed radix wide enough that a step to a neighbour never carries: then a neighbour's key is the vertex's plus a constant.
/// </remarks>
internal sealed class LatticeEmbedding
{
    /// <summary>Coordinates below this leave float32 enough digits to place a point within its simplex.</summary>
    private const double LargestCoordinate = 1 << 20;

    private readonly long[] _origins;

    /// <param name="features">One array a dimension, each of <paramref name="pixels"/> values.</param>
    /// <exception cref="ArgumentException">The features spread over more cells than keys can number.</exception>
    public LatticeEmbedding(float[][] features, int pixels, int threads)
    {
        (Dimensions, Pixels) = (features.Length, pixels);
        Scales = ElevationScales(Dimensions);
        _origins = new long[Dimensions];
        Strides = new long[Dimensions + 1];
        NumberCells(features);

        Weights = GC.AllocateUninitializedArray<float>(checked(pixels * (Dimensions + 1)));
        Keys = [.. Enumerable.Range(0, Dimensions + 1).Select(_ => GC.AllocateUninitializedArray<long>(pixels))];
        Ranges.Run(pixels, threads, (from, to) => Embed(features, from, to));
    }

    public int Dimensions { get; }

    public int Pixels { get; }

    /// <summary>Barycentric coordinates, <c>[pixels, d+1]</c>, by the vertices' remainder.</summary>
    public float[] Weights { get; }

    /// <summary>The key of each pixel's vertex of remainder k: <c>[d+1][pixels]</c>.</summary>
    public long[][] Keys { get; }

    /// <summary>What one more in quotient i adds to a key, <c>[d+1]</c>; the last is 0, as the last coordinate follows from the others.</summary>
    public long[] Strides { get; }

    /// <summary>How many low bits of the keys can be set.</summary>
    public int KeyBits { get; private set; }

    private float[] Scales { get; }

    /// <summary>The diagonal of the elevation matrix, scaled so that one blur along each axis has standard deviation 1.</summary>
    private static float[] ElevationScales(int dimensions)
    {
        var deviation = (float)(Math.Sqrt(2.0 / 3) * (dimensions + 1));
        return [.. Enumerable.Range(0, dimensions).Select(i => (float)(1 / Math.Sqrt((i + 2.0) * (i + 1)) * deviation))];
    }

    private void NumberCells(float[][] features)
    {
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
            _origins[i] = (long)Math.Floor(low / (Dimensions + 1)) - 3;
            Strides[i] = (long)cells;
            cells *= (long)Math.Ceiling(high / (Dimensions + 1)) + 3 - _origins[i];
            if (cells > long.MaxValue)
                throw TooFine();
        }

        KeyBits = 64 - BitOperations.LeadingZeroCount((ulong)(long)cells);
    }

    private static ArgumentException TooFine() =>
        new("The kernel's standard deviations are too small for this image: its lattice has more cells than can be numbered. Enlarge them.");

    private void Embed(float[][] features, int from, int to)
    {
        var (d, lanes) = (Dimensions, Vector<float>.Count);
        Span<Vector<float>> elevated = stackalloc Vector<float>[d + 1];
        Span<Vector<float>> residual = stackalloc Vector<float>[d + 1];
        Span<Vector<int>> quotient = stackalloc Vector<int>[d + 1];
        Span<Vector<int>> rank = stackalloc Vector<int>[d + 1];
        Span<float> byRank = stackalloc float[d + 1];
        Span<long> strideByRank = stackalloc long[d + 1];
        var (one, modulus) = (Vector<int>.One, new Vector<int>(d + 1));
        for (var pixel = from; pixel < to; pixel += lanes)
        {
            // Elevate onto the plane where coordinates sum to 0.
            var sum = Vector<float>.Zero;
            for (var j = d; j > 0; j--)
            {
                var scaled = Load(features[j - 1], pixel) * Scales[j - 1];
                elevated[j] = sum - scaled * j;
                sum += scaled;
            }

            elevated[0] = sum;

            // The nearest point of remainder 0, off the plane by `excess`.
            var excess = Vector<int>.Zero;
            for (var i = 0; i <= d; i++)
            {
                var rounded = Vector.Round(elevated[i] * (1f / (d + 1)));
                quotient[i] = Vector.ConvertToInt32(rounded);
                residual[i] = elevated[i] - rounded * (d + 1);
                excess += quotient[i];
                rank[i] = Vector<int>.Zero;
            }

            // The order of the residuals says in which simplex the point lies.
            for (var i = 0; i < d; i++)
            {
                for (var j = i + 1; j <= d; j++)
                {
                    var smaller = Vector.LessThan(residual[i], residual[j]);
                    rank[i] -= smaller;
                    rank[j] += one + smaller;
                }
            }

            // Back onto the plane, by one step where the order allows it.
            for (var i = 0; i <= d; i++)
            {
                rank[i] += excess;
                var up = Vector.LessThan(rank[i], Vector<int>.Zero);
                var down = Vector.GreaterThan(rank[i], new Vector<int>(d));
                rank[i] += (modulus & up) - (modulus & down);
                quotient[i] += down - up;
                residual[i] = (elevated[i] - Vector.ConvertToSingle(quotient[i] * modulus)) * (1f / (d + 1));
            }

            for (var lane = 0; lane < lanes && pixel + lane < to; lane++)
            {
                long key = 0;
                for (var i = 0; i <= d; i++)
                {
                    byRank[rank[i][lane]] = residual[i][lane];
                    strideByRank[rank[i][lane]] = Strides[i];
                    if (i < d)
                        key += (quotient[i][lane] - _origins[i]) * Strides[i];
                }

                var weights = Weights.AsSpan((pixel + lane) * (d + 1), d + 1);
                weights[0] = byRank[d] + (1 - byRank[0]);
                Keys[0][pixel + lane] = key;
                for (var k = 1; k <= d; k++)
                {
                    // From remainder k-1 to k the largest remaining coordinate falls by d, the others rise by 1.
                    weights[k] = byRank[d - k] - byRank[d - k + 1];
                    Keys[k][pixel + lane] = key -= strideByRank[d - k + 1];
                }
            }
        }
    }

    /// <summary>The features are read in whole vectors; what lies beyond the last is 0.</summary>
    private static Vector<float> Load(float[] values, int start)
    {
        if (start + Vector<float>.Count <= values.Length)
            return new(values, start);
        Span<float> tail = stackalloc float[Vector<float>.Count];
        tail.Clear();
        values.AsSpan(start).CopyTo(tail);
        return new(tail);
    }
}
