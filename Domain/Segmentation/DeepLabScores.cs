namespace Dashboard.Domain.Segmentation;

/// <summary>
/// The scores that kazuto1011/deeplab-pytorch prints (libs/utils/metric.py). Its mean IoU leaves out classes without ground truth,
/// also when they were predicted, and so may be higher than <see cref="ConfusionMatrix.MeanIou"/>.
/// </summary>
/// <param name="PixelAccuracy">Correct pixels over all pixels.</param>
/// <param name="MeanAccuracy">Mean recall of the classes with ground truth.</param>
/// <param name="FrequencyWeightedIou">IoU weighted by the classes' true pixels.</param>
public sealed record DeepLabScores(double PixelAccuracy, double MeanAccuracy, double FrequencyWeightedIou, double MeanIou)
{
    public static DeepLabScores Of(ConfusionMatrix matrix)
    {
        var labels = Enumerable.Range(0, matrix.Labels).ToList();
        var total = (double)matrix.Total;
        var valid = labels.Where(label => matrix.TruthPixels(label) > 0).ToList();
        return new(
            labels.Sum(matrix.Intersection) / total,
            valid.Select(label => matrix.Intersection(label) / (double)matrix.TruthPixels(label)).DefaultIfEmpty(double.NaN).Average(),
            valid.Sum(label => matrix.TruthPixels(label) / total * matrix.Iou(label)!.Value),
            valid.Select(label => matrix.Iou(label)!.Value).DefaultIfEmpty(double.NaN).Average());
    }
}
