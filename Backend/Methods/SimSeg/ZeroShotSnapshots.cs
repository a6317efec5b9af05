using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Pictures of a few images' similarity maps and masks, for the run's page.</summary>
internal sealed class ZeroShotSnapshots(RunContext context, ClassTexts classes, IReadOnlyList<Sample> samples, int count)
{
    private readonly HashSet<string> _shown = [.. SnapshotPictures.Spread(samples, count).Select(sample => sample.Id)];
    private readonly List<SnapshotPanel> _panels = [];

    public bool Shows(Sample sample) => _shown.Contains(sample.Id);

    /// <summary>Draws the image if it is one of those that are shown.</summary>
    public void Add(Sample sample, ImageBuffer image, ZeroShotSegmentation result)
    {
        if (!Shows(sample))
            return;
        var pictures = new SnapshotPictures(context.Folder, "snapshots/masks");
        _panels.AddRange(pictures.ImageAndTruth(sample, image));
        var maps = result.SoftMaps(image.Size);
        var pixels = image.Width * image.Height;
        for (var i = 0; i < maps.Classes.Count; i++)
            _panels.Add(
                pictures.Overlay(sample, classes.Names[result.Responses[i].Row], maps.Classes[i], image, maps.Maps.AsSpan(i * pixels, pixels)));
        _panels.Add(pictures.Labels(sample, result.Labels));
    }

    public void Report(long step)
    {
        if (_panels.Count > 0)
            context.Report(new RunSnapshot(step, Epoch: 1, [.. _panels]));
    }
}
