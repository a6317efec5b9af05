using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Cam;

/// <summary>Makes the class activation maps of the evaluation split, stores them, and scores them as seeds.</summary>
/// <param name="row">What the leaderboard calls the maps: "CAM", "CLIMS".</param>
internal sealed class CamScoring(RunContext context, CamNetOptions options, string row, CamInference inference, ProgressReporter progress)
{
    /// <summary>Images of one size go through the network together as long as they have no more pixels than this.</summary>
    private const int PixelsAtOnce = 512 * 512;

    /// <summary>Decoded images waiting for the network.</summary>
    private const int ImagesAhead = 16;

    private readonly IReadOnlyList<Sample> _samples = context.Dataset.Samples(options.EvaluationSplit);

    /// <summary>Maps that are there already are kept: of an earlier attempt with the same network, or of another split that shares images.</summary>
    public bool KeepsMaps { get; init; }

    /// <summary>Whether it is this split whose scores Compare finds in the run's folder.</summary>
    public bool IsMain { get; init; } = true;

    /// <summary>Forward passes of the whole inference, weighed by area.</summary>
    public static double Work(RunContext context, CamNetOptions options) =>
        context.Dataset.Samples(options.EvaluationSplit).Count * WorkPerImage(options);

    public void Score(long step)
    {
        WriteMaps();
        Evaluate(step);
    }

    private static double WorkPerImage(CamNetOptions options) => options.Scales.Sum(scale => scale * scale) * (options.Flip ? 2 : 1);

    public void WriteMaps()
    {
        inference.Net.eval();
        Directory.CreateDirectory(context.Folder.Cams);
        var done = 0;
        var decoded = Prefetch.Ordered(_samples, sample => (Sample: sample, Image: sample.ReadRgb()), ImagesAhead);
        foreach (var group in SameSize(decoded))
        {
            context.Stop.ThrowIfCancellationRequested();
            // All of a group or none: what goes through the network together decides the last digits.
            if (!KeepsMaps || !group.All(item => File.Exists(CamPath(item.Sample.Id))))
                WriteMaps(group);
            done += group.Count;
            progress.Advance("CAM inference", done, _samples.Count, options.Epochs, options.Epochs, WorkPerImage(options) * group.Count, group.Count);
        }
    }

    private void WriteMaps(IReadOnlyList<(Sample Sample, ImageBuffer Image)> group)
    {
        var maps = inference.Maps([.. group.Select(item => item.Image)], [.. group.Select(item => item.Sample.Tags)]);
        foreach (var ((sample, image), map) in group.Zip(maps))
            using (map)
                SoftCamFile.Write(CamPath(sample.Id), new SoftCam(image.Width, image.Height, map.Classes, map.Full.ToValues<float>()), half: true);
    }

    /// <summary>Consecutive images of one size, as many as fit.</summary>
    private static IEnumerable<IReadOnlyList<(Sample Sample, ImageBuffer Image)>> SameSize(IEnumerable<(Sample Sample, ImageBuffer Image)> images)
    {
        var group = new List<(Sample Sample, ImageBuffer Image)>();
        foreach (var item in images)
        {
            var fits = group.Count == 0
                || (group[0].Image.Width == item.Image.Width && group[0].Image.Height == item.Image.Height
                    && (group.Count + 1L) * item.Image.Width * item.Image.Height <= PixelsAtOnce);
            if (!fits)
            {
                yield return group;
                group = [];
            }
            group.Add(item);
        }
        if (group.Count > 0)
            yield return group;
    }

    /// <summary>Scores the maps that have been written, where the split has ground truth.</summary>
    public void Evaluate(long step)
    {
        var scored = _samples
            .Where(sample => sample.MaskPath is not null)
            .Select(ScoredImage.Of)
            .ToList();
        if (scored.Count == 0)
        {
            context.Report(new RunLog("warning", $"The split '{options.EvaluationSplit}' has no ground truth: the maps lie in {context.Folder.Cams}, no mIoU was measured."));
            return;
        }

        var labels = context.Dataset.Classes.LabelNames;
        var thresholds = ThresholdSweep.Steps(options.ThresholdStep, options.Threshold);
        var seed = (int)context.Spec.Seed;
        var swept = Protocol(Domain.Runs.Protocol.SweptThreshold);
        var fixedThreshold = Protocol(Domain.Runs.Protocol.FixedThreshold);

        var cam = DatasetScore.Of(scored, (image, _) => SoftCamFile.Read(CamPath(image.Id)), labels.Count, thresholds, seed, context.Stop);
        if (cam.Images.Warning is { } warning)
            context.Report(new RunLog("warning", warning));
        if (IsMain)
            SplitSweepFile.Write(context.Folder.SoftMapScores, cam.Images);
        var best = cam.Best;
        context.Report(best.ToEvent(step, row, reference: false, swept, labels, cam.Sweep) with { Measures = Measures(scored, best.Threshold) });
        context.Report(cam.At(options.Threshold).ToEvent(step, row, reference: false, fixedThreshold, labels, sweep: null) with { Measures = Measures(scored, options.Threshold) });

        // What needs no network, under the same protocol, so that a number can be told from nothing.
        var empty = DatasetScore.Of(scored, TrivialSeeds.AllBackground, labels.Count, thresholds, seed, context.Stop);
        context.Report(empty.Best.ToEvent(step, "all background", reference: true, swept, labels, sweep: null));
        var centre = TrivialSeeds.CentrePrior(scored, labels.Count, thresholds, seed, context.Stop);
        context.Report(centre.Best.ToEvent(step, "centre prior", reference: true, swept, labels, centre.Sweep));
    }

    private IReadOnlyDictionary<string, double>? Measures(IReadOnlyList<ScoredImage> scored, double threshold) =>
        CooccurrenceScore.Of(context.Dataset.Root, scored, image => SoftCamFile.Read(CamPath(image.Id)), threshold, context.Stop);

    private Protocol Protocol(string thresholdSource) => new()
    {
        Stage = Domain.Runs.Protocol.Stages.SeedCam,
        Dataset = context.Dataset.Name,
        Variant = context.Dataset.Variant,
        Fingerprint = DatasetFingerprint.Of(context.Dataset, options.EvaluationSplit),
        Split = options.EvaluationSplit,
        ThresholdSource = thresholdSource,
        Scales = options.Scales,
        Flip = options.Flip,
        Tags = Domain.Runs.Protocol.TagsGiven,
        Images = _samples.Count,
    };

    private string CamPath(string id) => SoftCamFile.PathOf(context.Folder.Cams, id);
}
