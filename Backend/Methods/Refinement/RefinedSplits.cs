using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Refinement;

/// <summary>What refinement makes of one image.</summary>
/// <param name="Maps">Null where it makes label maps alone.</param>
internal sealed record RefinedImage(LabelMap Labels, SoftCam? Maps = null)
{
    /// <summary>What else the run's page shows of it: a title, and 0 to 1 of every pixel.</summary>
    public IReadOnlyList<(string Title, float[] Map)> Overlays { get; init; } = [];
}

/// <summary>Makes refined labels of one image. Called from several threads.</summary>
internal delegate RefinedImage RefineImage(Sample sample, ImageBuffer image);

/// <summary>The refined label maps, and soft maps where there are any, of a run's splits: written, kept over a resume, shown and scored.</summary>
/// <param name="row">As the leaderboard names the labels: "CRF".</param>
internal sealed class RefinedSplits(RunContext context, SplitsOptions options, string row)
{
    private readonly IReadOnlyList<Sample> _samples = context.Dataset.SamplesOf(options.Splits);
    private readonly IReadOnlyList<Sample> _shown = SnapshotPictures.Spread(context.Dataset.Samples(options.MainSplit), options.SnapshotImages);

    /// <summary>Images that are refined beside each other: as many as a tensor operation may have threads.</summary>
    public int ImagesAtOnce { get; } = options.TensorThreads > 0 ? options.TensorThreads : Environment.ProcessorCount;

    /// <summary>Of all splits; those that are in several count once.</summary>
    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>A CRF has moved the labels' borders.</summary>
    public bool Crf { get; init; }

    /// <summary>Refines what an earlier attempt has not; what the page shows is made again.</summary>
    /// <param name="step">Of the pictures.</param>
    /// <param name="workPerImage">In the progress's unit.</param>
    public void Write(RefineImage refine, ProgressReporter progress, string stage, double workPerImage, long step, int epoch)
    {
        Directory.CreateDirectory(context.Folder.Masks);
        Directory.CreateDirectory(context.Folder.Cams);
        var left = _samples.Where(sample => !File.Exists(LabelMapScoring.PathOf(context, sample.Id)) || Shows(sample)).ToList();
        progress.Skip(workPerImage * (_samples.Count - left.Count));
        var pictures = new SnapshotPictures(context.Folder, "snapshots/refined");
        var panels = new List<SnapshotPanel>();
        var done = _samples.Count - left.Count;
        foreach (var (sample, image, refined) in Prefetch.Ordered(left, sample => Refine(sample, refine), ImagesAtOnce - 1))
        {
            context.Stop.ThrowIfCancellationRequested();
            if (refined.Maps is { } maps)
                SoftCamFile.Write(SoftCamFile.PathOf(context.Folder.Cams, sample.Id), maps, half: true);
            if (Shows(sample))
                panels.AddRange(Panels(pictures, sample, image, refined));
            // Last, for an image with a label map is done.
            ImageFile.WriteLabels(LabelMapScoring.PathOf(context, sample.Id), refined.Labels);
            progress.Advance(stage, ++done, _samples.Count, epoch, epoch, workPerImage, images: 1);
        }
        if (panels.Count > 0)
            context.Report(new RunSnapshot(step, epoch, panels));
    }

    /// <summary>Pictures of what an unfinished network makes of a few images.</summary>
    public void Show(RefineImage refine, int epoch, long step)
    {
        if (_shown.Count == 0)
            return;
        var pictures = new SnapshotPictures(context.Folder, $"snapshots/epoch-{epoch:0000}");
        context.Report(
            new RunSnapshot(step, epoch,
                [.. _shown.Select(sample => Refine(sample, refine)).SelectMany(made => Panels(pictures, made.Sample, made.Image, made.Refined))]));
    }

    /// <summary>The label maps of each split that has ground truth. The main split first: its score is the run's.</summary>
    public void Score(long step)
    {
        foreach (var split in options.Splits.Reverse())
            LabelMapScoring.Report(
                context, context.Dataset.Samples(split), split, row,
                images => Protocol(split, images), step, isMain: split == options.MainSplit);
    }

    private (Sample Sample, ImageBuffer Image, RefinedImage Refined) Refine(Sample sample, RefineImage refine)
    {
        context.Stop.ThrowIfCancellationRequested();
        var image = sample.ReadRgb();
        return (sample, image, refine(sample, image));
    }

    private bool Shows(Sample sample) => _shown.Any(shown => shown.Id == sample.Id);

    private IEnumerable<SnapshotPanel> Panels(SnapshotPictures pictures, Sample sample, ImageBuffer image, RefinedImage refined)
    {
        foreach (var panel in pictures.ImageAndTruth(sample, image))
            yield return panel;
        var pixels = image.Width * image.Height;
        foreach (var (i, k) in (refined.Maps?.Classes ?? []).Index())
            yield return pictures.Overlay(sample, context.Dataset.Classes.Names[k], k, image, refined.Maps!.Maps.AsSpan(i * pixels, pixels));
        foreach (var (i, (title, map)) in refined.Overlays.Index())
            yield return pictures.Overlay(sample, title, context.Dataset.Classes.Count + i, image, map);
        yield return pictures.Labels(sample, refined.Labels);
    }

    private Protocol Protocol(string split, int images) => new()
    {
        Stage = Domain.Runs.Protocol.Stages.PseudoLabel,
        Dataset = context.Dataset.Name,
        Variant = context.Dataset.Variant,
        Fingerprint = DatasetFingerprint.Of(context.Dataset, split),
        Split = split,
        ThresholdSource = Domain.Runs.Protocol.NoThreshold,
        Crf = Crf,
        Tags = Domain.Runs.Protocol.TagsGiven,
        Supervision = RunSupervision.Of(context),
        Images = images,
    };
}
