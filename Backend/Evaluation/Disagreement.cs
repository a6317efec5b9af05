using Dashboard.Backend.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>How much of an image two answers see differently.</summary>
public static class Disagreement
{
    /// <summary>Share of pixels with different labels, 0..1; pixels that either ignores (255) are left out. NaN where nothing is left.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static double Share(LabelMap a, LabelMap b)
    {
        if (a.Width != b.Width || a.Height != b.Height)
            throw new ArgumentException($"One label map is {a.Width}x{a.Height}, the other {b.Width}x{b.Height}.", nameof(b));
        var (counted, different) = (0L, 0L);
        for (var pixel = 0; pixel < a.Labels.Length; pixel++)
        {
            if (a.Labels[pixel] == LabelMap.Ignore || b.Labels[pixel] == LabelMap.Ignore)
                continue;
            counted++;
            if (a.Labels[pixel] != b.Labels[pixel])
                different++;
        }

        return counted == 0 ? double.NaN : different / (double)counted;
    }

    /// <summary>Reads and compares the images of a split in parallel.</summary>
    /// <returns>By identifier; NaN where the two cannot be compared.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static IReadOnlyDictionary<string, double> OfSplit(
        IReadOnlyList<string> images, Func<string, LabelMap> a, Func<string, LabelMap> b, IProgress<WorkProgress>? progress = null,
        CancellationToken stop = default)
    {
        var shares = new double[images.Count];
        var done = 0;
        Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            try
            {
                shares[i] = Share(a(images[i]), b(images[i]));
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // A file that is missing or damaged is named where the image is looked at; the ranking of the others goes on.
                shares[i] = double.NaN;
            }
            progress?.Report(new("images compared", Interlocked.Increment(ref done), images.Count));
        });
        return images.Zip(shares).DistinctBy(image => image.First).ToDictionary(image => image.First, image => image.Second, StringComparer.Ordinal);
    }
}
