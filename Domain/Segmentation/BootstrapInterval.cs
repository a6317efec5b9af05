using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Segmentation;

/// <summary>How much an mIoU would move with other images of the same kind: the percentile bootstrap over images.</summary>
public static class BootstrapInterval
{
    public const int Resamples = 1000;
    public const double Level = 0.95;

    private const int AtOnce = 50;

    /// <summary>
    /// Draws as many images as there are, with replacement, scores them together, 1,000 times; the interval holds the middle 95 percent.
    /// </summary>
    /// <returns>Null where no image has a scored pixel.</returns>
    public static ConfidenceInterval? OfMeanIou(IReadOnlyList<ImageConfusion> images, int labels, int seed)
    {
        var scores = Resample(images.Count, seed, draws => MeanIou(images, draws, labels));
        if (scores.Count == 0)
            return null;
        return new(Percentile(scores, (1 - Level) / 2), Percentile(scores, (1 + Level) / 2), Level);
    }

    /// <summary>Scores of the resamples, smallest first; without those that are not a number.</summary>
    /// <param name="score">Of how often each image was drawn. Called by several threads at once.</param>
    internal static List<double> Resample(int images, int seed, Func<int[], double> score)
    {
        if (images == 0)
            return [];
        // Drawn one after the other, so that a seed gives the same images on any number of cores, and scored a few at a time.
        var (random, scores) = (new Random(seed), new double[Resamples]);
        int[][] draws = [.. Enumerable.Range(0, AtOnce).Select(_ => new int[images])];
        for (var first = 0; first < Resamples; first += AtOnce)
        {
            var here = Math.Min(AtOnce, Resamples - first);
            foreach (var drawn in draws.Take(here))
            {
                Array.Clear(drawn);
                for (var i = 0; i < images; i++)
                    drawn[random.Next(images)]++;
            }
            Parallel.For(0, here, resample => scores[first + resample] = score(draws[resample]));
        }
        return [.. scores.Where(value => !double.IsNaN(value)).Order()];
    }

    internal static double MeanIou(IReadOnlyList<ImageConfusion> images, int[] draws, int labels)
    {
        var overlap = new LabelOverlap(stackalloc long[labels], stackalloc long[labels]);
        for (var image = 0; image < draws.Length; image++)
        {
            if (draws[image] > 0)
                overlap.Add(images[image], draws[image]);
        }
        return overlap.MeanIou;
    }

    /// <summary>With linear interpolation between neighbours, as NumPy's default.</summary>
    internal static double Percentile(List<double> sorted, double share)
    {
        var position = share * (sorted.Count - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
