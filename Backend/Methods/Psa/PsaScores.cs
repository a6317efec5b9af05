using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Refinement;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>Scores of background and classes under the low and the high α.</summary>
/// <param name="Low"><c>[Maps, Height, Width]</c>, the background's first.</param>
/// <param name="High">Likewise.</param>
internal sealed record AlphaScores(int Maps, ImageSize Size, float[] Low, float[] High);

/// <summary>The CRF scores of the training split, in the run's folder: <c>crf_low/ID.cam</c> and <c>crf_high/ID.cam</c>, half float.</summary>
internal sealed class PsaScores(RunContext context, PsaOptions options, SoftMapsInput maps)
{
    private readonly string _low = context.Folder.File("crf_low");
    private readonly string _high = context.Folder.File("crf_high");
    private readonly IReadOnlyList<Sample> _samples = context.Dataset.Samples(options.TrainSplit);

    public int Count => _samples.Count;

    /// <exception cref="DatasetException">A file is missing or damaged: names it.</exception>
    public AlphaScores Read(Sample sample)
    {
        try
        {
            var (low, high) = (SoftCamFile.Read(SoftCamFile.PathOf(_low, sample.Id)), SoftCamFile.Read(SoftCamFile.PathOf(_high, sample.Id)));
            return new(low.Classes.Count, new(low.Width, low.Height), low.Maps, high.Maps);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw new DatasetException($"{error.Message} Delete what is damaged and resume the run: it is made again.", error);
        }
    }

    /// <summary>Makes those that an earlier attempt has not made, image beside image.</summary>
    /// <param name="workPerImage">In the progress's unit.</param>
    public void Write(ProgressReporter progress, double workPerImage)
    {
        Directory.CreateDirectory(_low);
        Directory.CreateDirectory(_high);
        var left = _samples.Where(sample => !File.Exists(SoftCamFile.PathOf(_high, sample.Id))).ToList();
        progress.Skip(workPerImage * (_samples.Count - left.Count));
        var done = _samples.Count - left.Count;
        foreach (var (sample, scores) in Prefetch.Ordered(left, sample => (sample, Of(sample)), ImagesAtOnce - 1))
        {
            context.Stop.ThrowIfCancellationRequested();
            Write(_low, sample, scores, scores.Low);
            // Last, for an image with these is done.
            Write(_high, sample, scores, scores.High);
            progress.Advance("affinity labels", ++done, _samples.Count, epoch: 0, options.Epochs, workPerImage, images: 1);
        }
    }

    public AlphaScores Of(Sample sample)
    {
        context.Stop.ThrowIfCancellationRequested();
        var image = sample.ReadRgb();
        var cams = maps.Read(sample, image.Size);
        var classes = cams.Classes.Count;
        return new(1 + classes, image.Size, Under(options.LowAlpha), Under(options.HighAlpha));

        float[] Under(double alpha) => PsaCrf.Scores(image, cams.Maps, classes, alpha, threads: 1, context.Spec.Device);
    }

    private int ImagesAtOnce => options.TensorThreads > 0 ? options.TensorThreads : Environment.ProcessorCount;

    private static void Write(string folder, Sample sample, AlphaScores scores, float[] values) =>
        SoftCamFile.Write(SoftCamFile.PathOf(folder, sample.Id),
            new SoftCam(scores.Size.Width, scores.Size.Height, [.. Enumerable.Range(0, scores.Maps)], values), half: true);
}
