using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;

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
        using var behind = new WriteBehind(ImagesAhead);
        foreach (var group in SameSize(decoded))
        {
            context.Stop.ThrowIfCancellationRequested();
            // All of a group or none: what goes through the network together decides the last digits.
            if (!KeepsMaps || !group.All(item => File.Exists(CamPath(item.Sample.Id))))
                WriteMaps(group, behind);
            done += group.Count;
            progress.Advance("CAM inference", done, _samples.Count, options.Epochs, options.Epochs, WorkPerImage(options) * group.Count, group.Count);
        }
        behind.Finish();
    }

    private void WriteMaps(IReadOnlyList<(Sample Sample, ImageBuffer Image)> group, WriteBehind behind)
    {
        var maps = inference.Maps([.. group.Select(item => item.Image)], [.. group.Select(item => item.Sample.Tags)]);
        foreach (var ((sample, image), map) in group.Zip(maps))
            behind.Add(() =>
            {
                // A GPU is at work on them still: whoever writes waits for it, and the next images can go there.
                using (map)
                    SoftCamFile.Write(CamPath(sample.Id), new(image.Width, image.Height, map.Classes, map.Full.ToValues<float>()), half: true);
            });
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
    public void Evaluate(long step) => new SoftMapScoring(context, row, new Protocol
    {
        Stage = Protocol.Stages.SeedCam,
        Dataset = context.Dataset.Name,
        Variant = context.Dataset.Variant,
        Fingerprint = DatasetFingerprint.Of(context.Dataset, options.EvaluationSplit),
        Split = options.EvaluationSplit,
        ThresholdSource = Protocol.SweptThreshold,
        Scales = options.Scales,
        Flip = options.Flip,
        Tags = Protocol.TagsGiven,
        Images = _samples.Count,
    }) { ThresholdStep = options.ThresholdStep, Threshold = options.Threshold, IsMain = IsMain }.Report(_samples, step);

    private string CamPath(string id) => SoftCamFile.PathOf(context.Folder.Cams, id);
}
