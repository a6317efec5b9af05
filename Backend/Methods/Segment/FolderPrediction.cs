using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Training;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>A folder of images that a trained network gives masks: one indexed PNG with VOC's palette an image, under its name.</summary>
public sealed class FolderPrediction
{
    /// <summary>Files that a message names.</summary>
    private const int Named = 5;

    private readonly IReadOnlyList<(string Image, string Mask)> _files;

    private FolderPrediction(IReadOnlyList<(string, string)> files) => _files = files;

    public int Count => _files.Count;

    /// <summary>Looks at both folders; writes nothing.</summary>
    /// <exception cref="InvalidDataException">
    /// There is no image, two would get one mask, or a mask is there already: names the files and the remedy.
    /// </exception>
    public static FolderPrediction Prepare(string images, string output)
    {
        if (!Directory.Exists(images))
            throw new InvalidDataException($"--images: there is no folder {images}.");
        var found = FolderFiles.Of(images).Where(ImageExtensions.IsReadable).ToList();
        if (found.Count == 0)
            throw new InvalidDataException(
                $"--images: {images} holds no image. Formats that are read: {string.Join(", ", ImageExtensions.Readable)}.");
        if (found.GroupBy(ImageExtensions.Stem, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"--images: {string.Join(" and ", twice)} would both become {twice.Key}.png. Rename one of them.");
        var files = found.Select(image => (image, Path.Combine(output, ImageExtensions.Stem(image) + ".png"))).ToList();
        var there = files.Where(file => File.Exists(file.Item2)).Select(file => file.Item2).ToList();
        return there.Count == 0
            ? new(files)
            : throw new InvalidDataException(
                $"--out: {there.Count} of the masks are there already, and nothing is overwritten: "
                + $"{string.Join(", ", there.Take(Named))}{(there.Count > Named ? ", ..." : "")}. Give another folder, or move them away.");
    }

    /// <summary>Image by image; one that cannot be read is told and left out.</summary>
    /// <returns>What could not be read, a sentence each.</returns>
    /// <exception cref="OperationCanceledException">The masks written so far stay.</exception>
    public IReadOnlyList<string> Run(SegmentPredictor predictor, SegmentTest test, Action<RunEvent> report, TimeProvider time, CancellationToken stop)
    {
        var (failed, done, progress) = (new List<string>(), 0, new ProgressReporter(report, time, _files.Count));
        foreach (var (image, mask) in _files)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                var labels = predictor.Predict(ImageFile.ReadRgb(image, ImageOrientation.Upright), test);
                Directory.CreateDirectory(Path.GetDirectoryName(mask)!);
                ImageFile.WriteLabels(mask, labels);
            }
            catch (ImageException error)
            {
                failed.Add(error.Message);
                report(new RunLog("warning", $"{error.Message} It gets no mask."));
            }
            progress.Advance("segmentation", ++done, _files.Count, epoch: 1, epochs: 1, workDone: 1, images: 1);
        }
        return failed;
    }
}
