namespace Dashboard.Backend.Postprocess.RandomWalk;

/// <summary>
/// The random walk of IRN (section 5.2) and PSA (section 3.3): T = S^∘β with every column divided by its sum, and maps propagated as vec(M) · T^t.
/// The references square T again and again as a dense matrix of positions by positions; t products of the maps with the sparse T give the same.
/// </summary>
public sealed class TransitionMatrix
{
    // By column: the walk sums over a column, and S, which is symmetric, has its columns as rows.
    private readonly AffinityMatrix _columns;

    /// <param name="beta">β, the power of each affinity: IRN has 10, PSA 8.</param>
    public TransitionMatrix(AffinityMatrix affinity, double beta) => _columns = affinity.Select((affinities, probabilities) =>
    {
        var sum = 0.0;
        for (var i = 0; i < affinities.Length; i++)
            sum += probabilities[i] = MathF.Pow(affinities[i], (float)beta);
        for (var i = 0; i < affinities.Length; i++)
            probabilities[i] = (float)(probabilities[i] / sum);
    });

    /// <summary>Positions.</summary>
    public int Size => _columns.Size;

    /// <summary>What the matrix takes in memory, in bytes.</summary>
    public long Bytes => _columns.Bytes;

    public float this[int row, int column] => _columns[column, row];

    /// <summary>The maps after 2^<paramref name="logSteps"/> steps: each value becomes a weighted mean of the map's values around it.</summary>
    /// <param name="maps"><c>[channels, Size]</c></param>
    /// <param name="channels">0 or more.</param>
    /// <param name="logSteps">The references' <c>exp_times</c> or <c>logt</c>: how often they square T.</param>
    /// <param name="threads">0: one a processor. Their number does not change the result.</param>
    /// <returns><c>[channels, Size]</c></returns>
    /// <exception cref="ArgumentException">Another number of values.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative number, or more than 2^30 steps.</exception>
    public float[] Walk(ReadOnlySpan<float> maps, int channels, int logSteps, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channels);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfNegative(logSteps);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logSteps, 30);
        if (maps.Length != (long)channels * Size)
            throw new ArgumentException($"{channels} maps of {Size} positions are {(long)channels * Size} values, not {maps.Length}.", nameof(maps));
        if (threads == 0)
            threads = Environment.ProcessorCount;

        var stride = PixelRows.Stride(channels);
        var (now, next) = (new float[Size * stride], new float[Size * stride]);
        for (var channel = 0; channel < channels; channel++)
            for (var position = 0; position < Size; position++)
                now[position * stride + channel] = maps[channel * Size + position];
        for (var step = 0; step < 1 << logSteps && channels > 0; step++)
        {
            var (source, target) = (now, next);
            Ranges.Run(Size, threads, (from, to) =>
            {
                Array.Clear(target, from * stride, (to - from) * stride);
                for (var position = from; position < to; position++)
                    PixelRows.AddWeighted(source, _columns.Columns(position), _columns.Values(position), 1, stride,
                        target.AsSpan(position * stride, stride));
            });
            (now, next) = (next, now);
        }

        var propagated = new float[maps.Length];
        for (var channel = 0; channel < channels; channel++)
            for (var position = 0; position < Size; position++)
                propagated[channel * Size + position] = now[position * stride + channel];
        return propagated;
    }
}
