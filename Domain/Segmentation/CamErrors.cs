namespace Dashboard.Domain.Segmentation;

/// <summary>
/// What IRN's and CLIMS's eval_cam and eval_sem_seg print beside the IoU: how much of each class's union is false.
/// The means are NaN as soon as one class occurs nowhere, as published.
/// </summary>
/// <param name="BackgroundFalsePositives">Share of background's union that is predicted background but not true.</param>
/// <param name="BackgroundFalseNegatives">Share of background's union that is true background but not predicted.</param>
/// <param name="ForegroundFalsePositives">Mean over the foreground classes: activation beyond the object.</param>
/// <param name="ForegroundFalseNegatives">Mean over the foreground classes: parts of the object that are missed.</param>
/// <param name="BackgroundAmongForeground">Share of the pixels predicted as foreground that are background.</param>
public sealed record CamErrors(
    double BackgroundFalsePositives,
    double BackgroundFalseNegatives,
    double ForegroundFalsePositives,
    double ForegroundFalseNegatives,
    double BackgroundAmongForeground)
{
    public static CamErrors Of(ConfusionMatrix matrix)
    {
        double FalsePositives(int label) => 1 - matrix.TruthPixels(label) / (double)matrix.Union(label);
        double FalseNegatives(int label) => 1 - matrix.PredictedPixels(label) / (double)matrix.Union(label);

        var foreground = Enumerable.Range(1, matrix.Labels - 1).ToList();
        return new(
            FalsePositives(LabelMap.Background),
            FalseNegatives(LabelMap.Background),
            foreground.Average(FalsePositives),
            foreground.Average(FalseNegatives),
            foreground.Sum(label => matrix[LabelMap.Background, label]) / (double)foreground.Sum(matrix.PredictedPixels));
    }
}
