using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Segmentation;

/// <summary>How much an mIoU would move with other images of the same kind: the percentile bootstrap over images.</summary>
public static class BootstrapInterval
{
    public const int Resamples = 1000;
    public const double Level = 0.95;

    /// <summary>
    /// Draws as many images as there are, with replacement, scores them together, 1,000 times; the interval holds the middle 95 percent.
    /// </summary>
    /// <returns>Null where no image has a scored pixel.</returns>
    public static ConfidenceInterval? OfMeanIou(IReadOnlyList<ImageConfusion> images, int labels, int seed)
    {
        var random = new Random(seed);
        var scores = new List<double>(Resamples);
        var draws = new int[images.Count];
        for (var resample = 0; resample < Resamples && images.Count > 0; resample++)
        {
            Array.Clear(draws);
            for (var i = 0; i < draws.Length; i++)
                draws[random.Next(draws.Length)]++;
            var score = MeanIou(images, draws, labels);
            if (!double.IsNaN(score))
                scores.Add(score);
        }

        if (scores.Count == 0)
            return null;
        scores.Sort();
        return new(Percentile(scores, (1 - Level) / 2), Percentile(scores, (1 + Level) / 2), Level);
    }

    internal static double MeanIou(IReadOnlyList<ImageConfusion> images, int[] draws, int labels)
    {
        Span<long> intersection = stackalloc long[labels];
        Span<long> union = stackalloc long[labels];
        for (var image = 0; image < draws.Length; image++)
        {
            if (draws[image] == 0)
                continue;
            foreach (var cell in images[image].Cells)
            {
                var count = cell.Count * draws[image];
                union[cell.Truth] += count;
                if (cell.Truth == cell.Prediction)
                    intersection[cell.Truth] += count;
                else
                    union[cell.Prediction] += count;
            }
        }

        var (sum, occurring) = (0.0, 0);
        for (var label = 0; label < labels; label++)
        {
            if (union[label] == 0)
                continue;
            sum += intersection[label] / (double)union[label];
            occurring++;
        }

        return occurring > 0 ? sum / occurring : double.NaN;
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
