using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>
/// Measures the soft maps in a run's folder, whoever made them: the row at the best threshold of a sweep, the one at a fixed threshold, what needs no
/// network, and every image's counts for Compare.
/// </summary>
/// <param name="row">As the leaderboard names it: "CAM", "CLIMS", "Imported".</param>
/// <param name="protocol">Threshold and its source are filled in here.</param>
internal sealed class SoftMapScoring(RunContext context, string row, Protocol protocol)
{
    /// <summary>Of the sweep.</summary>
    public required double ThresholdStep { get; init; }

    /// <summary>Of the row at a fixed threshold.</summary>
    public required double Threshold { get; init; }

    /// <summary>Whether it is this split whose scores Compare finds in the run's folder.</summary>
    public bool IsMain { get; init; } = true;

    /// <param name="samples">Of the protocol's split; those with ground truth are scored, and where there are none a warning is reported.</param>
    public void Report(IReadOnlyList<Sample> samples, long step)
    {
        var scored = samples.Where(sample => sample.MaskPath is not null).Select(ScoredImage.Of).ToList();
        if (scored.Count == 0)
        {
            context.Report(
                new RunLog(
                    "warning", $"The split '{protocol.Split}' has no ground truth. The maps are in {context.Folder.Cams}; no mIoU was measured."));
            return;
        }

        var labels = context.Dataset.Classes.LabelNames;
        var thresholds = ThresholdSweep.Steps(ThresholdStep, Threshold);
        var swept = protocol with { ThresholdSource = Protocol.SweptThreshold };
        var maps = DatasetScore.Of(scored, (image, _) => Read(image), labels.Count, thresholds, (int)context.Spec.Seed, context.Stop);
        if (maps.Images.Warning is { } warning)
            context.Report(new RunLog("warning", warning));
        if (IsMain)
            SplitSweepFile.Write(context.Folder.SoftMapScores, maps.Images);
        var best = maps.Best;
        context.Report(best.ToEvent(step, row, reference: false, swept, labels, maps.Sweep) with { Measures = Measures(scored, best.Threshold) });
        context.Report(maps.At(Threshold)
            .ToEvent(step, row, reference: false, protocol with { ThresholdSource = Protocol.FixedThreshold }, labels,
            sweep: null) with { Measures = Measures(scored, Threshold) });

        // Under the same protocol, so that a number can be told from a trivial one.
        foreach (var reference in ReferenceRows.Of(context.Data, context.Dataset, protocol.Split, scored, thresholds, context.Stop))
            context.Report(reference.ToEvent(step, swept, labels));
    }

    private IReadOnlyDictionary<string, double>? Measures(IReadOnlyList<ScoredImage> scored, double threshold) =>
        CooccurrenceScore.Of(context.Dataset.Root, scored, Read, threshold, context.Stop);

    private SoftCam Read(ScoredImage image) => SoftCamFile.Read(SoftCamFile.PathOf(context.Folder.Cams, image.Id));
}
