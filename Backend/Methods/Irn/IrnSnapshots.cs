using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>Pictures of the boundaries and the labels that follow from them, of a fixed set of images, taken after each epoch.</summary>
internal sealed class IrnSnapshots(RunContext context, IrnOptions options, IrnRefinement refinement)
{
    private readonly IReadOnlyList<Sample> _samples = SnapshotPictures.Spread(context.Dataset.Samples(options.MainSplit), options.SnapshotImages);

    /// <param name="epoch">From 1.</param>
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
        return
        [
            .. pictures.ImageAndTruth(sample, image),
            pictures.Overlay(sample, "boundary", context.Dataset.Classes.Count, image, refinement.BoundaryPicture(image)),
            pictures.Labels(sample, refinement.Refine(sample, image).Labels),
        ];
    }
}
