using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>The attention maps of a run's splits: shown after each epoch, written at the end, kept over a resume, and scored as seeds.</summary>
/// <param name="row">As the leaderboard names them: "OA-CAM".</param>
internal sealed class NsromSplits(RunContext context, NsromNetOptions options, string row, NsromInference inference)
{
    /// <summary>Images that go through the network together: they decide the last digits, and so are the same after a resume.</summary>
    private const int Together = 8;

    private readonly IReadOnlyList<Sample> _samples = context.Dataset.SamplesOf(options.Splits);
    private readonly IReadOnlyList<Sample> _shown = SnapshotPictures.Spread(context.Dataset.Samples(options.MainSplit), options.SnapshotImages);

    /// <summary>Images whose maps are written.</summary>
    public int Count => _samples.Count;

    /// <summary>Pictures of a few images. The network is left in evaluation.</summary>
    public void Show(int epoch, long step)
    {
        if (_shown.Count == 0)
            return;
        inference.Net.eval();
        var pictures = new SnapshotPictures(context.Folder, $"snapshots/epoch-{epoch:0000}");
        context.Report(new RunSnapshot(step, epoch, [.. _shown.SelectMany(sample => Panels(sample, pictures))]));
    }

    /// <summary>Makes what an earlier attempt has not.</summary>
    public void Write(ProgressReporter progress)
    {
        inference.Net.eval();
        Directory.CreateDirectory(context.Folder.Cams);
        var done = 0;
        foreach (var group in Prefetch.Ordered(_samples.Chunk(Together), Missing, ahead: 2))
        {
            context.Stop.ThrowIfCancellationRequested();
            if (group.Images.Count > 0)
                foreach (var (sample, maps) in group.Samples.Zip(inference.Maps(group.Images, [.. group.Samples.Select(sample => sample.Tags)])))
                    SoftCamFile.Write(PathOf(sample), maps, half: true);
            done += group.Samples.Count;
            progress.Advance("attention maps", done, _samples.Count, options.Epochs, options.Epochs, group.Samples.Count, group.Samples.Count);
        }
    }

    /// <summary>The main split first: its score is the run's.</summary>
    public void Score(long step)
    {
        foreach (var split in options.Splits.Reverse())
            new SoftMapScoring(context, row, Protocol(split))
            {
                ThresholdStep = options.ThresholdStep,
                Threshold = options.Threshold,
                IsMain = split == options.MainSplit,
            }.Report(context.Dataset.Samples(split), step);
    }

    /// <summary>All images of a group, or none where all their maps are there.</summary>
    private (IReadOnlyList<Sample> Samples, IReadOnlyList<ImageBuffer> Images) Missing(Sample[] group) =>
        (group, group.All(sample => File.Exists(PathOf(sample))) ? [] : [.. group.Select(sample => sample.ReadRgb())]);

    private IEnumerable<SnapshotPanel> Panels(Sample sample, SnapshotPictures pictures)
    {
        var image = sample.ReadRgb();
        var maps = inference.Maps([image], [sample.Tags])[0];
        var pixels = image.Width * image.Height;
        foreach (var panel in pictures.ImageAndTruth(sample, image))
            yield return panel;
        foreach (var (i, k) in maps.Classes.Index())
            yield return pictures.Overlay(sample, context.Dataset.Classes.Names[k], k, image, maps.Maps.AsSpan(i * pixels, pixels));
        yield return pictures.Labels(sample, SeedLabels.FromCam(maps.Maps, maps.Classes, image.Width, image.Height, (float)options.Threshold));
    }

    private Protocol Protocol(string split) => new()
    {
        Stage = Domain.Runs.Protocol.Stages.SeedCam,
        Dataset = context.Dataset.Name,
        Variant = context.Dataset.Variant,
        Fingerprint = DatasetFingerprint.Of(context.Dataset, split),
        Split = split,
        ThresholdSource = Domain.Runs.Protocol.SweptThreshold,
        Tags = Domain.Runs.Protocol.TagsGiven,
        Images = context.Dataset.Samples(split).Count,
    };

    private string PathOf(Sample sample) => SoftCamFile.PathOf(context.Folder.Cams, sample.Id);
}
