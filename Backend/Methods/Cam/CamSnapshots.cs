using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Cam;

/// <summary>Pictures of the class activation maps of a fixed set of images, taken after each epoch.</summary>
/// <param name="inference">At one scale, as this is to be quick.</param>
internal sealed class CamSnapshots(RunContext context, CamNetOptions options, CamInference inference)
{
    private readonly IReadOnlyList<Sample> _samples =
        SnapshotPictures.Spread(context.Dataset.Samples(options.EvaluationSplit), options.SnapshotImages);

    /// <summary>Writes and reports the pictures. The network is left in evaluation mode.</summary>
    /// <param name="epoch">0 is before the training.</param>
    public void Take(int epoch, long step)
    {
        if (_samples.Count == 0)
            return;
        inference.Net.eval();
        var pictures = new SnapshotPictures(context.Folder, $"snapshots/epoch-{epoch:0000}");
        context.Report(new RunSnapshot(step, epoch, [.. _samples.SelectMany(sample => Panels(sample, pictures))]));
    }

    private IEnumerable<SnapshotPanel> Panels(Sample sample, SnapshotPictures pictures)
    {
        var image = sample.ReadRgb();
        using var cam = inference.Maps([image], [sample.Tags])[0];
        var maps = cam.Full.ToValues<float>();
        var pixels = image.Width * image.Height;

        foreach (var panel in pictures.ImageAndTruth(sample, image))
            yield return panel;
        for (var i = 0; i < sample.Tags.Count; i++)
            yield return pictures.Overlay(sample, context.Dataset.Classes.Names[sample.Tags[i]], sample.Tags[i], image,
                maps.AsSpan(i * pixels, pixels));
        yield return pictures.Labels(sample, SeedLabels.FromCam(maps, cam.Classes, image.Width, image.Height, (float)options.Threshold));
    }
}
