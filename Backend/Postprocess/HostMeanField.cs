using Dashboard.Backend.Images;

namespace Dashboard.Backend.Postprocess;

/// <summary>On the processor, on any number of threads, which does not change the result.</summary>
internal sealed class HostMeanField(ImageBuffer rgb, IReadOnlyList<PairwiseKernel> kernels, int threads) : IMeanField
{
    private readonly NormalisedFilter[] _filters = [.. kernels.Select(kernel => new NormalisedFilter(rgb, kernel, threads))];

    public float[] Marginals(float[] unary, int labels, int iterations)
    {
        var pixels = rgb.Width * rgb.Height;
        var stride = PixelRows.Stride(labels);
        var rows = _filters.Select(filter => filter.VertexCount).Append(pixels).Max();
        if ((long)rows * stride > Array.MaxLength)
            throw new ArgumentException(
                $"{labels} labels over an image of {rgb.Width}x{rgb.Height} are more than fit in memory. "
                + "Take fewer labels at once or a smaller image.",
                nameof(labels));

        var negatedUnary = PixelRows.Negate(unary, labels, pixels, threads);
        var marginals = GC.AllocateUninitializedArray<float>(negatedUnary.Length);
        var buffers = Array.ConvertAll(_filters, filter => (
            GC.AllocateUninitializedArray<float>(filter.VertexCount * stride), GC.AllocateUninitializedArray<float>(filter.VertexCount * stride)));
        var messages = new float[_filters.Length][];

        // Equation 3: Q_i(l) = exp(-U_i(l) + sum over kernels of w (K Q)_i(l)) / Z_i; before the first iteration without messages.
        for (var iteration = 0; iteration <= iterations; iteration++)
        {
            for (var m = 0; m < _filters.Length && iteration > 0; m++)
                messages[m] = _filters[m].Filter(marginals, stride, buffers[m].Item1, buffers[m].Item2);
            var messagesSent = iteration > 0 ? _filters.Length : 0;
            Ranges.Run(pixels, threads, (from, to) =>
            {
                var row = new float[stride];
                for (var pixel = from; pixel < to; pixel++)
                {
                    negatedUnary.AsSpan(pixel * stride, stride).CopyTo(row);
                    for (var m = 0; m < messagesSent; m++)
                        _filters[m].AddMessage(messages[m], pixel, stride, row);
                    PixelRows.Softmax(row, marginals.AsSpan(pixel * stride, stride));
                }
            });
        }

        return PixelRows.ToPlanes(marginals, labels, pixels, threads);
    }

    public byte[] Labels(float[] unary, int labels, int iterations)
    {
        var marginals = Marginals(unary, labels, iterations);
        var pixels = rgb.Width * rgb.Height;
        var best = new byte[pixels];
        for (var label = 1; label < labels; label++)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                if (marginals[label * pixels + pixel] > marginals[best[pixel] * pixels + pixel])
                    best[pixel] = (byte)label;
            }
        }

        return best;
    }

    public void Dispose()
    {
    }
}
