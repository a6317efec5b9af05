using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution;
using Dashboard.Backend.Images;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Cam;

/// <summary>Pictures of the class activation maps of a fixed set of images, taken after each epoch.</summary>
/// <param name="inference">At one scale, as this is to be quick.</param>
internal sealed class CamSnapshots(RunContext context, CamNetOptions options, CamInference inference)
{
    private const double Opacity = 0.55;

    private readonly IReadOnlyList<Sample> _samples = Spread(context.Dataset.Samples(options.EvaluationSplit), options.SnapshotImages);

    /// <summary>Writes and reports the pictures. The network is left in evaluation mode.</summary>
    /// <param name="epoch">0 is before the training.</param>
    public void Take(int epoch, long step)
    {
        if (_samples.Count == 0)
            return;
        inference.Net.eval();
        var folder = $"snapshots/epoch-{epoch:0000}";
        Directory.CreateDirectory(context.Folder.File(folder));
        context.Report(new RunSnapshot(step, epoch, [.. _samples.SelectMany(sample => Panels(sample, folder))]));
    }

    private IEnumerable<SnapshotPanel> Panels(Sample sample, string folder)
    {
        var image = ImageFile.ReadRgb(sample.ImagePath);
        using var cam = inference.Maps([image], [sample.Tags])[0];
        var maps = cam.Full.data<float>().ToArray();
        var pixels = image.Width * image.Height;

        // Image and truth do not change: they are written once.
        yield return Once(sample, "image", ".jpg", () => ImageFile.EncodeJpeg(image, quality: 95, ChromaSubsampling.None));
        if (sample.MaskPath is { } mask)
            yield return Once(sample, "truth", ".png", () => ImageFile.EncodeLabels(ImageFile.ReadLabels(mask)));
        for (var k = 0; k < sample.Tags.Count; k++)
        {
            var name = context.Dataset.Classes.Names[sample.Tags[k]];
            var overlay = ColourMap.Turbo.Overlay(image, maps.AsSpan(k * pixels, pixels), Opacity);
            yield return Panel(sample, "cam", name, $"{folder}/{sample.Id}-{sample.Tags[k]}.jpg", ImageFile.EncodeJpeg(overlay, quality: 90, ChromaSubsampling.None));
        }
        var seed = SeedLabels.FromCam(maps, cam.Classes, image.Width, image.Height, (float)options.Threshold);
        yield return Panel(sample, "mask", null, $"{folder}/{sample.Id}-mask.png", ImageFile.EncodeLabels(seed));
    }

    private SnapshotPanel Once(Sample sample, string kind, string extension, Func<byte[]> encode)
    {
        var file = $"snapshots/{sample.Id}-{kind}{extension}";
        if (!File.Exists(context.Folder.File(file)))
            File.WriteAllBytes(context.Folder.File(file), encode());
        return new(sample.Id, kind, null, file);
    }

    private SnapshotPanel Panel(Sample sample, string kind, string? className, string file, byte[] encoded)
    {
        File.WriteAllBytes(context.Folder.File(file), encoded);
        return new(sample.Id, kind, className, file);
    }

    /// <summary>Evenly spaced over the split, so that the set is the same in every run on it.</summary>
    private static IReadOnlyList<Sample> Spread(IReadOnlyList<Sample> samples, int count) =>
        [.. Enumerable.Range(0, Math.Min(count, samples.Count)).Select(i => samples[(int)((long)i * samples.Count / Math.Min(count, samples.Count))])];
}
