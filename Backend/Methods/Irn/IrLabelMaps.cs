using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>The IR labels of the training split, in the run's folder: <c>ir_label/ID.png</c>, as the authors' code names them.</summary>
internal sealed class IrLabelMaps(RunContext context, IrnOptions options, SoftMapsInput maps)
{
    private readonly string _folder = context.Folder.File("ir_label");
    private readonly IrLabels _labels = new(options.SureForeground, options.SureBackground, device: context.Spec.Device);
    private readonly IReadOnlyList<Sample> _samples = context.Dataset.Samples(options.TrainSplit);

    public int Count => _samples.Count;

    /// <summary>The label map of an image.</summary>
    /// <exception cref="DatasetException">It is missing or damaged: names the file.</exception>
    public LabelMap Read(Sample sample)
    {
        try
        {
            return ImageFile.ReadLabels(PathOf(sample));
        }
        catch (ImageException error)
        {
            throw new DatasetException($"{error.Message} Resume the run: what is missing in {_folder} is made again.", error);
        }
    }

    /// <summary>Makes those that an earlier attempt has not made, image beside image.</summary>
    /// <param name="workPerImage">In the progress's unit.</param>
    public void Write(ProgressReporter progress, double workPerImage)
    {
        Directory.CreateDirectory(_folder);
        var left = _samples.Where(sample => !File.Exists(PathOf(sample))).ToList();
        progress.Skip(workPerImage * (_samples.Count - left.Count));
        var done = _samples.Count - left.Count;
        foreach (var (sample, labels) in Prefetch.Ordered(left, sample => (sample, Of(sample)), ImagesAtOnce - 1))
        {
            context.Stop.ThrowIfCancellationRequested();
            ImageFile.WriteLabels(PathOf(sample), labels);
            progress.Advance("IR labels", ++done, _samples.Count, epoch: 0, options.Epochs, workPerImage, images: 1);
        }
    }

    /// <summary>Pictures of what the network is to learn from.</summary>
    public void Show()
    {
        var shown = SnapshotPictures.Spread(_samples, options.SnapshotImages);
        if (shown.Count == 0)
            return;
        var pictures = new SnapshotPictures(context.Folder, "snapshots/ir_label");
        context.Report(
            new RunSnapshot(Step: 0, Epoch: 0,
                [.. shown.SelectMany(sample => pictures.ImageAndTruth(sample, sample.ReadRgb()).Append(pictures.Labels(sample, Read(sample))))]));
    }

    /// <summary>For an estimate.</summary>
    public LabelMap Of(Sample sample)
    {
        context.Stop.ThrowIfCancellationRequested();
        var image = sample.ReadRgb();
        var cams = maps.Read(sample, image.Size);
        return _labels.Of(image, cams.Maps, cams.Classes, threads: 1);
    }

    private int ImagesAtOnce => options.TensorThreads > 0 ? options.TensorThreads : Environment.ProcessorCount;

    private string PathOf(Sample sample) => Path.Combine(_folder, $"{sample.Id}.png");
}
