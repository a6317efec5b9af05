namespace Dashboard.Domain.Segmentation;

/// <summary>
/// Intersection and union of truth and prediction by label, which is all that an mIoU needs of a confusion. A bootstrap asks for a thousand of them,
/// so the memory is the caller's.
/// </summary>
/// <param name="intersection">One for each label, all zero.</param>
/// <param name="union">As many.</param>
internal readonly ref struct LabelOverlap(Span<long> intersection, Span<long> union)
{
    private readonly Span<long> _intersection = intersection, _union = union;

    /// <summary>Over the labels that occur in truth or prediction, as <see cref="ConfusionMatrix.MeanIou"/>; NaN where nothing was counted.</summary>
    public double MeanIou
    {
        get
        {
            var (sum, occurring) = (0.0, 0);
            for (var label = 0; label < _union.Length; label++)
            {
                if (_union[label] == 0)
                    continue;
                sum += _intersection[label] / (double)_union[label];
                occurring++;
            }
            return occurring > 0 ? sum / occurring : double.NaN;
        }
    }

    public void Add(ImageConfusion image, int times = 1)
    {
        foreach (var cell in image.Cells)
        {
            var count = cell.Count * times;
            _union[cell.Truth] += count;
            if (cell.Truth == cell.Prediction)
                _intersection[cell.Truth] += count;
            else
                _union[cell.Prediction] += count;
        }
    }
}
