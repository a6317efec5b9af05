using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// The permutohedral lattice of an image's pixels (Adams, Baek and Davis 2010): an approximate Gaussian filter in d dimensions,
/// splat onto the lattice's vertices, blur along its d+1 axes, slice back to the pixels.
/// </summary>
/// <remarks>
/// Vertices are sorted by remainder and key instead of hashed: the pixels of a vertex then lie together and in order, so that splatting
/// gathers in pydensecrf's order of summation whatever the threads, and neighbours are found by merging two sorted lists.
/// Rows of values are those of <see cref="PixelRows"/>; row 0 of the vertices is zero and stands for every vertex that does not exist.
/// </remarks>
internal sealed class PermutohedralLattice
{
    private readonly int _dimensions;
    private readonly int _threads;

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
        var embedding = new LatticeEmbedding(features, pixels, threads);
        var remainders = embedding.Dimensions + 1;
        (_dimensions, _threads, _sliceWeights) = (embedding.Dimensions, threads, embedding.Weights);

        // Sort each remainder's pixels by vertex; equal keys are one vertex.
        var pixelsOf = new int[remainders][];
        var counts = new int[remainders];
        Ranges.Each(remainders, threads, k =>
        {
            var sorted = new int[pixels];
            for (var pixel = 0; pixel < pixels; pixel++)
                sorted[pixel] = pixel;
            RadixSort.Sort(ref embedding.Keys[k], ref sorted, embedding.KeyBits);
            pixelsOf[k] = sorted;
            for (var i = 0; i < pixels; i++)
                counts[k] += i == 0 || embedding.Keys[k][i] != embedding.Keys[k][i - 1] ? 1 : 0;
        });
        var firsts = new int[remainders + 1];
        firsts[0] = 1;
        for (var k = 0; k < remainders; k++)
            firsts[k + 1] = firsts[k] + counts[k];
        VertexCount = firsts[^1];

        var entries = checked(pixels * remainders);
        _starts = new int[VertexCount + 1];
        _starts[^1] = entries;
        _pixels = GC.AllocateUninitializedArray<int>(entries);
        _splatWeights = GC.AllocateUninitializedArray<float>(entries);
        _vertexOf = GC.AllocateUninitializedArray<int>(entries);
        var vertexKeys = new long[VertexCount];
        Ranges.Each(remainders, threads, k =>
        {
            var (keys, sorted, vertex) = (embedding.Keys[k], pixelsOf[k], firsts[k] - 1);
            for (var i = 0; i < pixels; i++)
            {
                var entry = k * pixels + i;
                if (i == 0 || keys[i] != keys[i - 1])
                {
                    vertex++;
                    _starts[vertex] = entry;
                    vertexKeys[vertex] = keys[i];
                }

                _pixels[entry] = sorted[i];
                _vertexOf[sorted[i] * remainders + k] = vertex;
                _splatWeights[entry] = _sliceWeights[sorted[i] * remainders + k];
            }
        });

        _neighbours = [.. Enumerable.Range(0, remainders).Select(_ => new int[2 * VertexCount])];
        Ranges.Each(remainders * remainders, threads, task => Connect(vertexKeys, firsts, embedding.Strides, task / remainders, task % remainders));
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
        PixelRows.AddWeighted(vertices, corners, weights, factor / (1 + MathF.Pow(2, -_dimensions)), stride, row);
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

    /// <summary>Finds the neighbours of one remainder's vertices one step down an axis: all coordinates fall by 1, the axis's own rises by d.</summary>
    private void Connect(long[] keys, int[] firsts, long[] strides, int remainder, int axis)
    {
        // Below remainder 0 comes remainder d with every quotient one less.
        var step = remainder > 0 ? strides[axis] : strides[axis] - strides.Sum();
        var below = remainder > 0 ? remainder - 1 : _dimensions;
        var neighbours = _neighbours[axis];
        for (int vertex = firsts[remainder], candidate = firsts[below]; vertex < firsts[remainder + 1]; vertex++)
        {
            var wanted = keys[vertex] + step;
            while (candidate < firsts[below + 1] && keys[candidate] < wanted)
                candidate++;
            if (candidate == firsts[below + 1])
                break;
            if (keys[candidate] == wanted)
                (neighbours[2 * vertex], neighbours[2 * candidate + 1]) = (candidate, vertex);
        }
    }
}
