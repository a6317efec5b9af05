namespace Dashboard.Backend.Postprocess.RandomWalk;

/// <summary>
/// Affinities between the positions of a grid: symmetric, 1 on the diagonal, and 0 (not stored) between positions that are not a pair.
/// Stored row by row with the columns in ascending order.
/// </summary>
public sealed class AffinityMatrix
{
    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly float[] _values;

    private AffinityMatrix(int[] starts, int[] columns, float[] values) => (_starts, _columns, _values) = (starts, columns, values);

    /// <summary>Positions: rows and columns of the matrix.</summary>
    public int Size => _starts.Length - 1;

    /// <summary>Values that are stored.</summary>
    public int Count => _values.Length;

    /// <summary>What the matrix takes in memory, in bytes.</summary>
    public long Bytes => sizeof(int) * ((long)_starts.Length + _columns.Length) + sizeof(float) * (long)_values.Length;

    public float this[int row, int column] => Columns(row).BinarySearch(column) is >= 0 and var at ? Values(row)[at] : 0;

    public ReadOnlySpan<int> Columns(int row) => _columns.AsSpan(_starts[row].._starts[row + 1]);

    public ReadOnlySpan<float> Values(int row) => _values.AsSpan(_starts[row].._starts[row + 1]);

    /// <summary>
    /// a_ij = 1 - max over the path Π_ij of the edges (IRN, section 4.4). Beyond the grid all is edge: nothing is alike across its border.
    /// </summary>
    /// <param name="edges"><c>[height, width]</c>, 0..1.</param>
    /// <exception cref="ArgumentException">Another number of edges.</exception>
    public static AffinityMatrix FromEdges(ReadOnlySpan<float> edges, int width, int height, PathIndex index)
    {
        if (edges.Length != width * height)
            throw new ArgumentException($"A grid of {width}x{height} has {width * height} edges, not {edges.Length}.", nameof(edges));
        var most = index.Directions.Count * edges.Length;
        var (from, to, affinities) = (new List<int>(most), new List<int>(most), new List<float>(most));
        foreach (var direction in index.Directions)
        {
            var (end, path) = (direction.Destination, direction.Path.Select(point => point.Y * width + point.X).ToArray());
            for (var y = 0; y < height - end.Y; y++)
                for (var x = Math.Max(0, -end.X); x < Math.Min(width, width - end.X); x++)
                {
                    var (source, strongest) = (y * width + x, 0f);
                    foreach (var step in path)
                        strongest = Math.Max(strongest, edges[source + step]);
                    from.Add(source);
                    to.Add(source + path[0]);
                    affinities.Add(1 - strongest);
                }
        }
        return FromPairs(width * height, from, to, affinities);
    }

    /// <summary>Of single pairs, each of which stands for both directions.</summary>
    /// <param name="size">Positions.</param>
    /// <param name="from">Of each pair; no pair may occur twice.</param>
    /// <param name="to">Of each pair, another position than <paramref name="from"/>.</param>
    /// <param name="affinities">Of each pair; values of 0 are not stored.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static AffinityMatrix FromPairs(int size, IReadOnlyList<int> from, IReadOnlyList<int> to, IReadOnlyList<float> affinities)
    {
        if (from.Count != affinities.Count || to.Count != affinities.Count)
            throw new ArgumentException(
                $"{from.Count} sources, {to.Count} destinations and {affinities.Count} affinities are not one of each a pair.", nameof(affinities));
        var starts = new int[size + 1];
        for (var row = 0; row < size; row++)
            starts[row + 1] = 1;
        for (var pair = 0; pair < from.Count; pair++)
            if (affinities[pair] != 0)
            {
                starts[from[pair] + 1]++;
                starts[to[pair] + 1]++;
            }
        for (var row = 0; row < size; row++)
            starts[row + 1] += starts[row];

        var (columns, values, ends) = (new int[starts[size]], new float[starts[size]], starts[..size]);
        for (var row = 0; row < size; row++)
            Put(row, row, 1);
        for (var pair = 0; pair < from.Count; pair++)
            if (affinities[pair] != 0)
            {
                Put(from[pair], to[pair], affinities[pair]);
                Put(to[pair], from[pair], affinities[pair]);
            }
        for (var row = 0; row < size; row++)
            columns.AsSpan(starts[row]..starts[row + 1]).Sort(values.AsSpan(starts[row]..starts[row + 1]));
        return new(starts, columns, values);

        void Put(int row, int column, float value) => (columns[ends[row]], values[ends[row]++]) = (column, value);
    }

    /// <summary>The same positions with other values, each of a row's.</summary>
    internal AffinityMatrix Select(Action<ReadOnlySpan<float>, Span<float>> row)
    {
        var values = new float[_values.Length];
        for (var i = 0; i < Size; i++)
            row(Values(i), values.AsSpan(_starts[i].._starts[i + 1]));
        return new(_starts, _columns, values);
    }
}
