using System.Runtime.CompilerServices;
using Dashboard.Backend.Images;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Segmentation;
using static TorchSharp.torch;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// The fully connected CRF of Krähenbühl and Koltun (2011) over one image, mean field with permutohedral lattices, as pydensecrf computes it. The
/// lattices are built once: infer as often as needed, with any unary energies and number of labels. The number of threads does not change the result.
/// </summary>
public sealed class DenseCrf : IDisposable
{
    /// <summary>The device that needs no libtorch.</summary>
    public const string Processor = "cpu";

    private readonly DenseCrfSettings _settings;
    private readonly IMeanField _field;

    /// <param name="image">Gray is taken as RGB, alpha dropped.</param>
    /// <param name="threads">Of the processor; 0: one each.</param>
    /// <param name="device">A GPU's name, such as cuda:0, for one that is to do it: equal to the processor's result but for the last digits.</param>
    /// <exception cref="ArgumentException">
    /// The image is empty, a standard deviation is not above 0, a weight not finite, or far too small a deviation for the image.
    /// </exception>
    public DenseCrf(ImageBuffer image, DenseCrfSettings settings, int threads = 0, string device = Processor)
        : this(image, settings, rgb => device == Processor
            ? new HostMeanField(rgb, settings.Kernels, threads > 0 ? threads : Environment.ProcessorCount)
            : OnGpu(rgb, settings.Kernels, device)) =>
        ArgumentOutOfRangeException.ThrowIfNegative(threads);

    private DenseCrf(ImageBuffer image, DenseCrfSettings settings, Func<ImageBuffer, IMeanField> field)
    {
        if (image.Pixels.Length == 0)
            throw new ArgumentException($"The image is empty: {image.Width}x{image.Height}.", nameof(image));
        foreach (var kernel in settings.Kernels)
        {
            if (!((float[])[kernel.X, kernel.Y, kernel.Colour ?? 1]).All(deviation => deviation > 0 && float.IsFinite(deviation))
                || !float.IsFinite(kernel.Weight))
                throw new ArgumentException($"A kernel's standard deviations must be above 0 and its weight finite: {kernel}.", nameof(settings));
        }

        (Width, Height, _settings) = (image.Width, image.Height, settings);
        _field = field(image.ToRgb());
    }

    /// <summary>As on a GPU, on any device: for tests.</summary>
    internal static DenseCrf OnTensors(ImageBuffer image, DenseCrfSettings settings, Device device) =>
        new(image, settings, rgb => new TensorMeanField(rgb, settings.Kernels, device));

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
        Check(unary, labels, iterations);
        return _field.Marginals(unary, labels, iterations ?? _settings.Iterations);
    }

    /// <summary>The label of the largest marginal of each pixel, the first among equals.</summary>
    /// <inheritdoc cref="Marginals"/>
    /// <param name="labels">At most 255: the next is <see cref="LabelMap.Ignore"/>.</param>
    public LabelMap Labels(float[] unary, int labels, int? iterations = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labels, (int)LabelMap.Ignore);
        Check(unary, labels, iterations);
        return new(Width, Height, _field.Labels(unary, labels, iterations ?? _settings.Iterations));
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

    public void Dispose() => _field.Dispose();

    /// <summary>Apart, for whoever stays on the processor need not load libtorch.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TensorMeanField OnGpu(ImageBuffer rgb, IReadOnlyList<PairwiseKernel> kernels, string device) =>
        new(rgb, kernels, LoadedLibtorch.Device(device));

    private void Check(float[] unary, int labels, int? iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(iterations ?? 0, nameof(iterations));
        if (unary.Length != (long)labels * Width * Height)
            throw new ArgumentException(
                $"The unary energies of {labels} labels over an image of {Width}x{Height} are {(long)labels * Width * Height} values, "
                + $"not {unary.Length}.",
                nameof(unary));
        foreach (var energy in unary)
        {
            if (!float.IsFinite(energy))
                throw new ArgumentException(
                    $"A unary energy is {energy}. Keep probabilities above 0 before taking their logarithm, as DenseCrfUnary does.", nameof(unary));
        }
    }
}
