using System.Globalization;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Evaluation;

/// <summary>Measures the label maps in a run's folder: the run's row of the leaderboard, and every image's counts for Compare.</summary>
internal static class LabelMapScoring
{
    /// <param name="samples">Of the split; those with ground truth are scored, and where there are none a warning is reported.</param>
    /// <param name="row">As the leaderboard names it.</param>
    /// <param name="protocol">Given the number of scored images.</param>
    /// <param name="step">Of the evaluation; null: the number of images.</param>
    /// <param name="isMain">Whether it is this split whose scores Compare finds in the run's folder.</param>
    public static void Report(RunContext context, IReadOnlyList<Sample> samples, string split, string row, Func<int, Protocol> protocol,
        long? step = null, bool isMain = true)
    {
        var scored = samples
            .Where(sample => sample.MaskPath is not null)
            .Select(ScoredImage.Of)
            .ToList();
        if (scored.Count == 0)
        {
            context.Report(
                new RunLog("warning", $"The split '{split}' has no ground truth. The masks are in {context.Folder.Masks}; no mIoU was measured."));
            return;
        }
        var labels = context.Dataset.Classes.LabelNames;
        var counted = SplitSweep.OfLabelMaps(scored, image => ImageFile.ReadLabels(PathOf(context, image.Id)), labels.Count, stop: context.Stop);
        if (counted.Warning is { } warning)
            context.Report(new RunLog("warning", warning));
        if (isMain)
            SplitSweepFile.Write(context.Folder.LabelMapScores, counted);
        var score = LabelMapEvaluation.Of(counted);
        if (Math.Abs(score.DeepLab.MeanIou - score.Miou) > 1e-9)
            context.Report(
                new RunLog(
                    "info", string.Create(CultureInfo.InvariantCulture,
                        $"Labels are predicted that do not occur in the ground truth: DeepLab's mean IoU, which leaves them out, is "
                        + $"{100 * score.DeepLab.MeanIou:0.00}.")));
        var measured = protocol(scored.Count);
        var isDeepLab = measured.MeanOver == Protocol.TrueLabels;
        // The bootstrap is of chainercv's mean.
        context.Report(new RunEvaluated(
            step ?? samples.Count, row, Reference: false, measured, isDeepLab ? score.DeepLab.MeanIou : score.Miou, score.PerClass, labels,
            isDeepLab ? null : score.Interval, Sweep: null));
    }

    /// <summary>Where an image's label map lies.</summary>
    public static string PathOf(RunContext context, string id) => PathOf(context.Folder, id);

    /// <inheritdoc cref="PathOf(RunContext, string)"/>
    public static string PathOf(RunFolder run, string id) => Path.Combine(run.Masks, id + ".png");
}
