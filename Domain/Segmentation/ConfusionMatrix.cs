namespace Dashboard.Domain.Segmentation;

/// <summary>Pixel counts by true label (rows) and predicted label (columns). Pixels whose true label is 255 (ignore) are left out.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[] _counts;

    /// <param name="labels">Number of labels, background included: 21 for VOC.</param>
    public ConfusionMatrix(int labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(labels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labels, LabelMap.Ignore);
        (Labels, _counts) = (labels, new long[labels * labels]);
    }

    /// <summary>Background included.</summary>
    public int Labels { get; }

    public long this[int truth, int prediction] => _counts[truth * Labels + prediction];

    /// <summary>All counted pixels.</summary>
    public long Total => _counts.Sum();

    /// <summary>Pixels whose true label is <paramref name="label"/>.</summary>
    public long TruthPixels(int label) => Enumerable.Range(0, Labels).Sum(prediction => this[label, prediction]);

    /// <summary>Pixels whose predicted label is <paramref name="label"/>.</summary>
    public long PredictedPixels(int label) => Enumerable.Range(0, Labels).Sum(truth => this[truth, label]);

    public long Intersection(int label) => this[label, label];

    public long Union(int label) => TruthPixels(label) + PredictedPixels(label) - Intersection(label);

    /// <summary>Intersection over union; null where the label occurs neither in truth nor in prediction.</summary>
    public double? Iou(int label) => Union(label) is > 0 and var union ? Intersection(label) / (double)union : null;

    /// <summary>By label, background first; null where a label occurs nowhere.</summary>
    public IReadOnlyList<double?> PerClassIou => [.. Enumerable.Range(0, Labels).Select(Iou)];

    /// <summary>
    /// Mean IoU over the labels that occur in truth or prediction: the nan-mean over chainercv's confusion, as in IRN's and CLIMS's eval_cam and
    /// eval_sem_seg, and SimSeg's sum of intersections over sum of unions. NaN where nothing was counted.
    /// </summary>
    public double MeanIou => PerClassIou.Where(iou => iou is not null).Select(iou => iou!.Value).DefaultIfEmpty(double.NaN).Average();

    /// <exception cref="ArgumentException">
    /// The sizes differ, or a label is outside 0..<see cref="Labels"/>-1: names the label and its pixel. Nothing was added.
    /// </exception>
    public void Add(LabelMap truth, LabelMap prediction)
    {
        if (truth.Width != prediction.Width || truth.Height != prediction.Height)
            throw new ArgumentException(
                $"The prediction is {prediction.Width}x{prediction.Height}, but the ground truth is {truth.Width}x{truth.Height}.",
                nameof(prediction));
        ReadOnlySpan<byte> expected = truth.Labels, predicted = prediction.Labels;
        // Vector instructions look whether there is anything to look for.
        if (predicted.ContainsAnyInRange((byte)Labels, byte.MaxValue)
            || (Labels < LabelMap.Ignore && expected.ContainsAnyInRange((byte)Labels, (byte)(LabelMap.Ignore - 1))))
            for (var pixel = 0; pixel < expected.Length; pixel++)
            {
                if (expected[pixel] == LabelMap.Ignore)
                    continue;
                RequireInRange(truth, pixel, "ground truth");
                RequireInRange(prediction, pixel, "prediction");
            }

        var start = 0;
        foreach (var end in new LabelRuns(expected, predicted))
        {
            if (expected[start] != LabelMap.Ignore)
                _counts[expected[start] * Labels + predicted[start]] += end - start;
            start = end;
        }
    }

    public void Add(ImageConfusion image)
    {
        foreach (var cell in image.Cells)
            Add(cell.Truth, cell.Prediction, cell.Count);
    }

    /// <summary>Adds pixels of one true and one predicted label.</summary>
    public void Add(int truth, int prediction, long count) => _counts[truth * Labels + prediction] += count;

    /// <summary>The cells that are not zero.</summary>
    public ImageConfusion ToSparse()
    {
        var cells = new List<ConfusionCell>();
        for (var index = 0; index < _counts.Length; index++)
        {
            if (_counts[index] > 0)
                cells.Add(new((byte)(index / Labels), (byte)(index % Labels), _counts[index]));
        }

        return new([.. cells]);
    }

    private void RequireInRange(LabelMap map, int pixel, string what)
    {
        if (map.Labels[pixel] >= Labels)
            throw new ArgumentException(
                $"The {what} has label {map.Labels[pixel]} at x {pixel % map.Width}, y {pixel / map.Width}; legal are 0 to {Labels - 1}.");
    }
}
