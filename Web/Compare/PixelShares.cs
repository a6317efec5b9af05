using Dashboard.Domain.Segmentation;

namespace Dashboard.Web.Compare;

/// <summary>
/// Where the pixels of objects, true or predicted, go; the four shares sum to 1. wwwroot/js/compare/iou.js counts those of one image in the same way.
/// </summary>
/// <param name="Right">Of the true class.</param>
/// <param name="Missed">An object's, taken for background.</param>
/// <param name="FalseAlarm">Background, taken for an object.</param>
/// <param name="WrongClass">An object's, taken for another class.</param>
public sealed record PixelShares(double Right, double Missed, double FalseAlarm, double WrongClass)
{
    /// <returns>Null where there is neither an object nor a prediction of one.</returns>
    public static PixelShares? Of(ConfusionMatrix confusion)
    {
        long right = 0, missed = 0, falseAlarm = 0, wrong = 0;
        for (var truth = 0; truth < confusion.Labels; truth++)
            for (var prediction = 0; prediction < confusion.Labels; prediction++)
                switch ((truth, prediction))
                {
                    case (0, 0): break;
                    case (0, _): falseAlarm += confusion[truth, prediction]; break;
                    case (_, 0): missed += confusion[truth, prediction]; break;
                    case var (a, b) when a == b: right += confusion[truth, prediction]; break;
                    default: wrong += confusion[truth, prediction]; break;
                }
        double all = right + missed + falseAlarm + wrong;
        return all > 0 ? new(right / all, missed / all, falseAlarm / all, wrong / all) : null;
    }
}
