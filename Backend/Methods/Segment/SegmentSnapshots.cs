using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>Predictions of a fixed set of images after each epoch, without CRF, as this is to be quick.</summary>
internal sealed class SegmentSnapshots(RunContext context, SegmentOptions options, DeeplabInference inference)
{
    private readonly IReadOnlyList<Sample> _samples =
        SnapshotPictures.Spread(context.Dataset.Samples(options.EvaluationSplit), options.SnapshotImages);

    /// <summary>For a network in evaluation.</summary>
    public void Take(int epoch, long step)
    {
        if (_samples.Count == 0)
            return;
        var pictures = new SnapshotPictures(context.Folder, $"snapshots/epoch-{epoch:0000}");
        context.Report(new RunSnapshot(step, epoch, [.. _samples.SelectMany(sample => Panels(sample, pictures))]));
    }

    private IEnumerable<SnapshotPanel> Panels(Sample sample, SnapshotPictures pictures)
    {
        var image = sample.ReadRgb();
        return [.. pictures.ImageAndTruth(sample, image), pictures.Labels(sample, inference.Labels(image))];
    }
}
