using Dashboard.Backend.Images;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// The fully connected CRF of Krähenbühl and Koltun (2011) over one image, mean field with permutohedral lattices, as pydensecrf computes it. The
/// lattices are built once: infer as often as needed, with any unary energies and number of labels. The number of threads does not change the result.
/// </summary>
public sealed class DenseCrf
{
    private readonly DenseCrfSettings _settings;
    private readonly NormalisedFilter[] _filters;
    private readonly int _threads;

    /// <param name="image">Gray is taken as RGB, alpha dropped.</param>
    /// <param name="threads">0: one a processor.</param>
    /// <exception cref="ArgumentException">
    /// The image is empty, a standard deviation is not above 0, a weight not finite, or far too small a deviation for the image.
    /// </exception>
    public DenseCrf(ImageBuffer image, DenseCrfSettings settings, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (image.Pixels.Length == 0)
            throw new ArgumentException($"The image is empty: {image.Width}x{image.Height}.", nameof(image));
        foreach (var kernel in settings.Kernels)
        {
            if (!((float[])[kernel.X, kernel.Y, kernel.Colour ?? 1]).All(deviation => deviation > 0 && float.IsFinite(deviation))
                || !float.IsFinite(kernel.Weight))
                throw new ArgumentException($"A kernel's standard deviations must be above 0 and its weight finite: {kernel}.", nameof(settings));
        }

        (Width, Height, _settings) = (image.Width, image.Height, settings);
        _threads = threads > 0 ? threads : Environment.ProcessorCount;
        var rgb = image.ToRgb();
        _filters = [.. settings.Kernels.Select(kernel => new NormalisedFilter(rgb, kernel, _threads))];
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>The marginals Q after mean-field iterations.</summary>
    /// <param name="unary"><c>[labels, Height, Width]</c>, energies: <see cref="DenseCrfUnary"/>.</param>
    /// <param name="iterations">Null: as many as the settings say; 0: softmax(-U).</param>
    /// <returns><c>[labels, Height, Width]</c>; a pixel's sum to 1.</returns>
    /// <exception cref="ArgumentException">
    /// The number of values does not fit labels and image, an energy is not finite, or labels times pixels is beyond an array's length.
    /// </exception>
    public float[] Marginals(float[] unary, int labels, int? iterations = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(iterations ?? 0, nameof(iterations));
        var pixels = Width * Height;
        if (unary.Length != (long)labels * pixels)
            throw new ArgumentException(
                $"The unary energies of {labels} labels over an image of {Width}x{Height} are {(long)labels * pixels} values, not {unary.Length}.",
                nameof(unary));
        foreach (var energy in unary)
        {
            if (!float.IsFinite(energy))
                throw new ArgumentException(
                    $"A unary energy is {energy}. Keep probabilities above 0 before taking their logarithm, as DenseCrfUnary does.", nameof(unary));
        }

        var stride = PixelRows.Stride(labels);
        var rows = _filters.Select(filter => filter.VertexCount).Append(pixels).Max();
        if ((long)rows * stride > Array.MaxLength)
            throw new ArgumentException(
                $"{labels} labels over an image of {Width}x{Height} are more than fit in memory. Take fewer labels at once or a smaller image.",
                nameof(labels));

        var negatedUnary = PixelRows.Negate(unary, labels, pixels, _threads);
        var marginals = GC.AllocateUninitializedArray<float>(negatedUnary.Length);
        var buffers = Array.ConvertAll(_filters, filter => (
            GC.AllocateUninitializedArray<float>(filter.VertexCount * stride), GC.AllocateUninitializedArray<float>(filter.VertexCount * stride)));
        var messages = new float[_filters.Length][];

        // Equation 3: Q_i(l) = exp(-U_i(l) + sum over kernels of w (K Q)_i(l)) / Z_i; before the first iteration without messages.
        for (var iteration = 0; iteration <= (iterations ?? _settings.Iterations); iteration++)
        {
            for (var m = 0; m < _filters.Length && iteration > 0; m++)
                messages[m] = _filters[m].Filter(marginals, stride, buffers[m].Item1, buffers[m].Item2);
            var messagesSent = iteration > 0 ? _filters.Length : 0;
            Ranges.Run(pixels, _threads, (from, to) =>
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

        return PixelRows.ToPlanes(marginals, labels, pixels, _threads);
    }

    /// <summary>The label of the largest marginal of each pixel, the first among equals.</summary>
    /// <inheritdoc cref="Marginals"/>
    /// <param name="labels">At most 255: the next is <see cref="LabelMap.Ignore"/>.</param>
    public LabelMap Labels(float[] unary, int labels, int? iterations = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labels, (int)LabelMap.Ignore);
        var marginals = Marginals(unary, labels, iterations);
        var pixels = Width * Height;
        var best = new byte[pixels];
        for (var label = 1; label < labels; label++)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                if (marginals[label * pixels + pixel] > marginals[best[pixel] * pixels + pixel])
                    best[pixel] = (byte)label;
            }
        }

        return new(Width, Height, best);
    }

    /// <summary>
    /// IRN's <c>crf_inference_label</c>: labels given with a certainty, moved to the image's edges. One label alone stays as it is; the reference
    /// divides by 0 there.
    /// </summary>
    /// <param name="labelMap">Of the image's size; <see cref="LabelMap.Ignore"/> leaves a pixel to its surroundings.</param>
    /// <param name="certainty">Above 0 and below 1 (<c>gt_prob</c>).</param>
    /// <exception cref="ArgumentException">Another size than the image's, or a label beyond <paramref name="labels"/>.</exception>
    public LabelMap Refine(LabelMap labelMap, int labels, double certainty = 0.7, int? iterations = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        if (labelMap.Width != Width || labelMap.Height != Height)
            throw new ArgumentException($"The labels are {labelMap.Width}x{labelMap.Height}, but the image is {Width}x{Height}.", nameof(labelMap));
        return labels == 1
            ? new(Width, Height, new byte[Width * Height])
            : Labels(DenseCrfUnary.FromLabels(labelMap.Labels, labels, certainty, LabelMap.Ignore), labels, iterations);
    }
}
