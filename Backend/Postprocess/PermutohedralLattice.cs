using System.Runtime.CompilerServices;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// The permutohedral lattice of an image's pixels (Adams, Baek and Davis 2010): an approximate Gaussian filter in d dimensions,
/// splat onto the lattice's vertices, blur along its d+1 axes, slice back to the pixels.
/// </summary>
/// <remarks>
/// Vertices are told apart by sorting their keys instead of hashing: neighbours are then found by walking two sorted lists.
/// Splatting gathers each vertex's pixels in order: pydensecrf's order of summation, whatever the threads.
/// Rows of values are those of <see cref="PixelRows"/>; row 0 of the vertices is zero and stands for every vertex that does not exist.
/// </remarks>
internal sealed class PermutohedralLattice
{
    private readonly int _dimensions;
    private readonly int _threads;

    private readonly float _alpha;

    /// <summary>Of vertex v, the range of <see cref="_pixels"/> from [v] to [v + 1].</summary>
    private readonly int[] _starts;
    private readonly int[] _pixels;
    private readonly float[] _splatWeights;

    /// <summary><c>[pixels, d+1]</c>.</summary>
    private readonly int[] _vertexOf;
    private readonly float[] _sliceWeights;

    /// <summary>Per axis, the two neighbours of each vertex, <c>[vertices, 2]</c>.</summary>
    private readonly int[][] _neighbours;

    /// <exception cref="ArgumentException">The features spread over more cells than can be numbered.</exception>
    public PermutohedralLattice(float[][] features, int pixels, int threads)
    {
        var grid = new LatticeGrid(features);
        var embedding = new LatticeEmbedding(features, pixels, grid, threads);
        (_dimensions, _threads, _sliceWeights, _alpha) = (grid.Dimensions, threads, embedding.Weights, grid.Alpha);

        // Equal keys are one vertex.
        var remainders = _dimensions + 1;
        var (positions, keys) = (new int[remainders][], new long[remainders][]);
        Ranges.Each(remainders, threads, k => (positions[k], keys[k]) = SortByKey(embedding, k));
        VertexCount = keys.Sum(distinct => distinct.Length) + 1;
        (_vertexOf, var numbers) = NumberAsMet(positions, keys);
        (_starts, _pixels, _splatWeights) = GatherByVertex();

        _neighbours = [.. Enumerable.Range(0, remainders).Select(_ => new int[2 * VertexCount])];
        Ranges.Each(remainders * remainders, threads, task =>
        {
            var (k, axis) = (task / remainders, task % remainders);
            var (below, step) = grid.Below(k, axis);
            Connect(keys[k], numbers[k], keys[below], numbers[below], step, _neighbours[axis]);
        });
    }

    /// <summary>With the zero row.</summary>
    public int VertexCount { get; }

    /// <summary>Multiplies each pixel's contribution to the splat: a normalisation before the filter.</summary>
    public void ScaleSplat(float[] factors) => Ranges.Run(_pixels.Length, _threads, (from, to) =>
    {
        for (var entry = from; entry < to; entry++)
            _splatWeights[entry] *= factors[_pixels[entry]];
    });

    /// <summary>Splat and blur: what <see cref="Slice"/> reads.</summary>
    /// <param name="rows"><c>[pixels, stride]</c>.</param>
    /// <returns><c>[vertices, stride]</c>: one of the two buffers.</returns>
    public float[] Filter(float[] rows, int stride, float[] vertices, float[] blurred)
    {
        vertices.AsSpan(0, stride).Clear();
        blurred.AsSpan(0, stride).Clear();
        Ranges.Run(VertexCount - 1, _threads, (from, to) => Splat(rows, stride, vertices, from, to), start: 1);
        foreach (var neighbours in _neighbours)
        {
            var (source, target) = (vertices, blurred);
            Ranges.Run(VertexCount - 1, _threads, (from, to) => Blur(source, stride, neighbours, target, from, to), start: 1);
            (vertices, blurred) = (blurred, vertices);
        }

        return vertices;
    }

    /// <summary>Adds factor times the filter's value of a pixel to its row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Slice(float[] vertices, int pixel, int stride, float factor, Span<float> row)
    {
        var corners = _vertexOf.AsSpan(pixel * (_dimensions + 1), _dimensions + 1);
        var weights = _sliceWeights.AsSpan(pixel * (_dimensions + 1), _dimensions + 1);
        PixelRows.AddWeighted(vertices, corners, weights, factor * _alpha, stride, row);
    }

    private void Splat(float[] rows, int stride, float[] vertices, int from, int to)
    {
        for (var vertex = from; vertex < to; vertex++)
        {
            var (start, count) = (_starts[vertex], _starts[vertex + 1] - _starts[vertex]);
            var row = vertices.AsSpan(vertex * stride, stride);
            row.Clear();
            PixelRows.AddWeighted(rows, _pixels.AsSpan(start, count), _splatWeights.AsSpan(start, count), 1, stride, row);
        }
    }

    private static void Blur(float[] source, int stride, int[] neighbours, float[] target, int from, int to)
    {
        for (var vertex = from; vertex < to; vertex++)
            PixelRows.Blur(source, vertex, neighbours[2 * vertex], neighbours[2 * vertex + 1], stride, target);
    }

    /// <summary>For each pixel the position of its vertex among the sorted keys of one remainder, and those keys.</summary>
    private static (int[] Positions, long[] Keys) SortByKey(LatticeEmbedding embedding, int remainder)
    {
        var keys = embedding.Keys[remainder];
        var pixels = Enumerable.Range(0, keys.Length).ToArray();
        RadixSort.Sort(ref keys, ref pixels, embedding.Grid.KeyBits);
        var positions = new int[keys.Length];
        var distinct = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (i == 0 || keys[i] != keys[distinct - 1])
                keys[distinct++] = keys[i];
            positions[pixels[i]] = distinct - 1;
        }

        return (positions, keys[..distinct]);
    }

    /// <summary>
    /// Numbers the vertices from 1 on in the order in which the pixels meet them: what lies close in the image then lies close in memory.
    /// </summary>
    /// <returns>The vertices of each pixel, and of each remainder's sorted keys.</returns>
    private static (int[] VertexOf, int[][] Numbers) NumberAsMet(int[][] positions, long[][] keys)
    {
        var numbers = Array.ConvertAll(keys, distinct => new int[distinct.Length]);
        var vertexOf = GC.AllocateUninitializedArray<int>(checked(positions.Length * positions[0].Length));
        for (int pixel = 0, entry = 0, met = 0; pixel < positions[0].Length; pixel++)
        {
            for (var k = 0; k < positions.Length; k++, entry++)
            {
                ref var number = ref numbers[k][positions[k][pixel]];
                if (number == 0)
                    number = ++met;
                vertexOf[entry] = number;
            }
        }

        return (vertexOf, numbers);
    }

    /// <summary>The pixels of each vertex in ascending order, with their weights.</summary>
    private (int[] Starts, int[] Pixels, float[] Weights) GatherByVertex()
    {
        var remainders = _dimensions + 1;
        var starts = new int[VertexCount + 1];
        foreach (var vertex in _vertexOf)
            starts[vertex + 1]++;
        for (var vertex = 0; vertex < VertexCount; vertex++)
            starts[vertex + 1] += starts[vertex];

        var pixels = GC.AllocateUninitializedArray<int>(_vertexOf.Length);
        var weights = GC.AllocateUninitializedArray<float>(_vertexOf.Length);
        var next = starts[..^1];
        Ranges.Each(remainders, _threads, k =>
        {
            // A vertex belongs to one remainder, so no two threads meet at one.
            for (var entry = k; entry < _vertexOf.Length; entry += remainders)
            {
                var place = next[_vertexOf[entry]]++;
                (pixels[place], weights[place]) = (entry / remainders, _sliceWeights[entry]);
            }
        });
        return (starts, pixels, weights);
    }

    /// <summary>Makes neighbours of all vertices whose keys differ by a step, walking both sorted lists at once.</summary>
    private static void Connect(long[] keys, ReadOnlySpan<int> numbers, long[] otherKeys, ReadOnlySpan<int> otherNumbers, long step, int[] neighbours)
    {
        for (int i = 0, other = 0; i < keys.Length; i++)
        {
            while (other < otherKeys.Length && otherKeys[other] < keys[i] + step)
                other++;
            if (other == otherKeys.Length)
                return;
            if (otherKeys[other] == keys[i] + step)
                (neighbours[2 * numbers[i]], neighbours[2 * otherNumbers[other] + 1]) = (otherNumbers[other], numbers[i]);
        }
    }
}
