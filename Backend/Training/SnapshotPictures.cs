using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Pictures;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Training;

/// <summary>Writes the pictures of one snapshot into a run's folder.</summary>
public sealed class SnapshotPictures
{
    private readonly RunFolder _run;
    private readonly string _folder;

    /// <param name="folder">Of this snapshot, relative to the run's: "snapshots/epoch-0003". Pictures are never rewritten.</param>
    public SnapshotPictures(RunFolder run, string folder)
    {
        (_run, _folder) = (run, folder);
        Directory.CreateDirectory(run.File(folder));
    }

    /// <summary>Evenly spaced over a split, so that the set is the same in every run on it.</summary>
    public static IReadOnlyList<Sample> Spread(IReadOnlyList<Sample> samples, int count) =>
        [.. Enumerable.Range(0, Math.Min(count, samples.Count))
            .Select(i => samples[(int)((long)i * samples.Count / Math.Min(count, samples.Count))])];

    /// <summary>Image and truth do not change: they are written once a run.</summary>
    public IEnumerable<SnapshotPanel> ImageAndTruth(Sample sample, ImageBuffer image)
    {
        yield return Once(sample, "image", ".jpg", () => Pictures.EncodeJpeg(image, quality: 95, subsampled: false));
        if (sample.MaskPath is not null)
            yield return Once(sample, "truth", ".png", () => ImageFile.EncodeLabels(sample.ReadTruth()));
    }

    /// <summary>One class's map as colours over the image.</summary>
    /// <param name="k">The class, 0-based.</param>
    /// <param name="map">0..1, one value a pixel.</param>
    public SnapshotPanel Overlay(Sample sample, string className, int k, ImageBuffer image, ReadOnlySpan<float> map) =>
        Write(sample, "cam", className, $"{_folder}/{sample.Id}-{k}.jpg", 
            Pictures.EncodeJpeg(HeatOverlay.Paint(image, map), quality: 90, subsampled: false));

    public SnapshotPanel Labels(Sample sample, LabelMap labels) =>
        Write(sample, "mask", null, $"{_folder}/{sample.Id}-mask.png", ImageFile.EncodeLabels(labels));

    private SnapshotPanel Once(Sample sample, string kind, string extension, Func<byte[]> encode)
    {
        var file = $"snapshots/{sample.Id}-{kind}{extension}";
        return File.Exists(_run.File(file)) ? new(sample.Id, kind, null, file) : Write(sample, kind, null, file, encode());
    }

    private SnapshotPanel Write(Sample sample, string kind, string? className, string file, byte[] encoded)
    {
        File.WriteAllBytes(_run.File(file), encoded);
        return new(sample.Id, kind, className, file);
    }
}
