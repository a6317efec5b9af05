using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Evaluation;

/// <summary>A finished run's rows, scored again from the maps and masks in its folder.</summary>
/// <param name="Matches">Every row is as it was recorded.</param>
public sealed record RunVerification(string Run, bool Matches, IReadOnlyList<VerifiedRow> Rows)
{
    /// <summary>Sums in another order differ by this much at most.</summary>
    private const double Rounding = 1e-9;

    /// <param name="evaluations">From the run's log.</param>
    /// <exception cref="InvalidRunException">Nothing was measured.</exception>
    /// <exception cref="DatasetException">The data set is gone.</exception>
    public static RunVerification Of(RunFolder run, IImageDataset dataset, IReadOnlyList<RunEvaluated> evaluations,
        IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        var rows = evaluations.Where(row => !row.Reference).Select(row => Verify(run, dataset, row, progress, stop)).ToList();
        if (rows.Count == 0)
            throw new InvalidRunException("run", $"The run {run.Id} has no score that could be verified.");
        return new(run.Id, rows.All(row => row.Matches), rows);
    }

    private static VerifiedRow Verify(RunFolder run, IImageDataset dataset, RunEvaluated row, IProgress<WorkProgress>? progress,
        CancellationToken stop)
    {
        VerifiedRow Failed(string reason) => new(row.Row, row.Protocol.Key, row.Miou, null, false, reason);

        if (!dataset.Splits.Contains(row.Protocol.Split))
            return Failed($"{dataset.Name} has no split '{row.Protocol.Split}' any more.");
        if (DatasetFingerprint.Of(dataset, row.Protocol.Split) is { } fingerprint && row.Protocol.Fingerprint is { } recorded
            && fingerprint != recorded)
            return Failed($"The images, tags or masks of the split '{row.Protocol.Split}' are not those that it was measured on.");
        var images = dataset.Samples(row.Protocol.Split).Where(sample => sample.MaskPath is not null).Select(ScoredImage.Of).ToList();
        var isSoft = row.Protocol.ThresholdSource != Protocol.NoThreshold;
        string PathOf(ScoredImage image) => isSoft ? SoftCamFile.PathOf(run.Cams, image.Id) : Path.Combine(run.Masks, image.Id + ".png");
        if (images.Where(image => !File.Exists(PathOf(image))).Select(image => image.Id).ToList() is { Count: > 0 } missing)
            return Failed(
                $"The run has no {(isSoft ? "soft maps" : "label maps")} of {missing.Count} of the {images.Count} images, the first ones "
                + $"{string.Join(", ", missing.Take(5))}.");
        try
        {
            var scores = isSoft
                ? SplitSweep.OfSoftMaps(images, (image, _) => SoftCamFile.Read(PathOf(image)), row.ClassNames.Count, [row.Protocol.Threshold ?? 0],
                    progress, stop)
                : SplitSweep.OfLabelMaps(images, image => ImageFile.ReadLabels(PathOf(image)), row.ClassNames.Count, progress, stop);
            var miou = row.Protocol.MeanOf(scores.At(row.Protocol.Threshold).Total);
            return Math.Abs(miou - row.Miou) < Rounding
                ? new(row.Row, row.Protocol.Key, row.Miou, miou, true, null)
                : new(row.Row, row.Protocol.Key, row.Miou, miou, false, "The maps give another mIoU than was recorded.");
        }
        catch (InvalidDataException error)
        {
            return Failed(error.Message);
        }
    }
}

/// <summary>One row, scored again.</summary>
/// <param name="Recorded">mIoU in the run's log, 0..1.</param>
/// <param name="Measured">Of the files as they are now; null where they cannot be scored.</param>
/// <param name="Reason">Why it does not match; null where it does.</param>
public sealed record VerifiedRow(string Row, string Protocol, double Recorded, double? Measured, bool Matches, string? Reason);
