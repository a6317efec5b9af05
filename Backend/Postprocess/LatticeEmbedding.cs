using System.Numerics;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// Where each pixel lies in the permutohedral lattice: the d+1 vertices of its simplex and its barycentric coordinates
/// (Adams, Baek and Davis 2010, section 3; rounding and ties as pydensecrf's SSE build has them).
/// </summary>
/// <remarks>
/// A vertex has d+1 integer coordinates that sum to 0 and leave the same remainder k modulo d+1, so k and the quotients of the first d
/// name it. A pixel's simplex has one vertex of every remainder.
/// </remarks>
internal sealed class LatticeEmbedding
{
    /// <param name="features">One array a dimension, each of <paramref name="pixels"/> values.</param>
    /// <param name="grid">Of these features.</param>
    public LatticeEmbedding(float[][] features, int pixels, LatticeGrid grid, int threads)
    {
        Grid = grid;
        Weights = GC.AllocateUninitializedArray<float>(checked(pixels * (grid.Dimensions + 1)));
        Keys = [.. Enumerable.Range(0, grid.Dimensions + 1).Select(_ => GC.AllocateUninitializedArray<long>(pixels))];
        Ranges.Run(pixels, threads, (from, to) => Embed(features, from, to));
    }

    public LatticeGrid Grid { get; }

    /// <summary>Barycentric coordinates, <c>[pixels, d+1]</c>, by the vertices' remainder.</summary>
    public float[] Weights { get; }

    /// <summary>The key of each pixel's vertex of remainder k: <c>[d+1][pixels]</c>.</summary>
    public long[][] Keys { get; }

    private void Embed(float[][] features, int from, int to)
    {
        var (d, scales, origins, strides, lanes) = (Grid.Dimensions, Grid.Scales, Grid.Origins, Grid.Strides, Vector<float>.Count);
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
                var scaled = Load(features[j - 1], pixel) * scales[j - 1];
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
                    strideByRank[rank[i][lane]] = strides[i];
                    if (i < d)
                        key += (quotient[i][lane] - origins[i]) * strides[i];
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
