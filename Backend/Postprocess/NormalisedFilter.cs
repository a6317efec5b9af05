using Dashboard.Backend.Images;

namespace Dashboard.Backend.Postprocess;

/// <summary>A pairwise kernel's filter over one image: a lattice and its normalisation, for any number of labels and iterations.</summary>
internal sealed class NormalisedFilter
{
    private readonly PermutohedralLattice _lattice;
    private readonly float[]? _after;
    private readonly float _weight;

    public NormalisedFilter(ImageBuffer image, PairwiseKernel kernel, int threads)
    {
        var pixels = image.Width * image.Height;
        _lattice = new(kernel.Features(image), pixels, threads);
        _weight = kernel.Weight;
        if (kernel.Normalisation == KernelNormalisation.None)
            return;
        var norm = SumOfWeights(pixels, threads);
        for (var pixel = 0; pixel < pixels; pixel++)
            norm[pixel] = (float)(1 / (kernel.Normalisation == KernelNormalisation.Symmetric ? Math.Sqrt(norm[pixel] + 1e-20) : norm[pixel] + 1e-20));
        if (kernel.Normalisation != KernelNormalisation.After)
            _lattice.ScaleSplat(norm);
        if (kernel.Normalisation != KernelNormalisation.Before)
            _after = norm;
    }

    public int VertexCount => _lattice.VertexCount;

    /// <inheritdoc cref="PermutohedralLattice.Filter"/>
    public float[] Filter(float[] rows, int stride, float[] vertices, float[] blurred) => _lattice.Filter(rows, stride, vertices, blurred);

    /// <summary>Adds the kernel's message to a pixel's row: w times the filtered marginals, as Potts compatibility has it.</summary>
    public void AddMessage(float[] vertices, int pixel, int stride, Span<float> row) =>
        _lattice.Slice(vertices, pixel, stride, _after is null ? _weight : _weight * _after[pixel], row);

    /// <summary>K1.</summary>
    private float[] SumOfWeights(int pixels, int threads)
    {
        var stride = PixelRows.Stride(1);
        var ones = new float[pixels * stride];
        Array.Fill(ones, 1);
        var vertices = _lattice.Filter(ones, stride, new float[VertexCount * stride], new float[VertexCount * stride]);
        var sums = new float[pixels];
        Ranges.Run(pixels, threads, (from, to) =>
        {
            Span<float> row = stackalloc float[stride];
            for (var pixel = from; pixel < to; pixel++)
            {
                row.Clear();
                _lattice.Slice(vertices, pixel, stride, 1, row);
                sums[pixel] = row[0];
            }
        });
        return sums;
    }
}
