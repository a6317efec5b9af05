using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>
/// Predicts the evaluation split, and the training split where it is asked for, without looking at tags; stores the label maps, and scores them.
/// </summary>
/// <param name="work">Of one image, in forward passes of a training crop.</param>
internal sealed class SegmentScoring(RunContext context, SegmentOptions options, DeeplabInference inference, ProgressReporter progress, double work)
{
    /// <summary>Decoded images waiting for the network.</summary>
    private const int ImagesAhead = 16;

    /// <summary>What a CRF costs, in forward passes of the network over the image.</summary>
    private const double CrfPasses = 3;

    private readonly IReadOnlyList<Sample> _samples = context.Dataset.SamplesOf(options.PredictedSplits);

    /// <summary>Of one image.</summary>
    public static double Work(RunContext context, SegmentOptions options, SegmentShape shape)
    {
        if (context.Dataset.Samples(options.EvaluationSplit) is not [var first, ..])
            return 0;
        var (size, looks) = (first.ReadSize(), options.Scales.Sum(scale => scale * scale) * (options.Flip ? 2 : 1));
        return (looks * shape.Passes + (options.Crf ? CrfPasses : 0)) * size.Width * size.Height / ((double)options.CropSize * options.CropSize);
    }

    public void Score(long step)
    {
        WriteMasks();
        foreach (var split in options.PredictedSplits)
            LabelMapScoring.Report(context, context.Dataset.Samples(split), split, "Segmentation network", images => Protocol(split, images), step,
                isMain: split == options.EvaluationSplit);
    }

    /// <summary>An earlier attempt's are kept: they are of the same network.</summary>
    private void WriteMasks()
    {
        Directory.CreateDirectory(context.Folder.Masks);
        var test = SegmentTest.Of(options);
        var left = _samples.Where(sample => !File.Exists(LabelMapScoring.PathOf(context, sample.Id))).ToList();
        var done = _samples.Count - left.Count;
        progress.Skip(work * done);
        foreach (var (sample, image) in Prefetch.Ordered(left, sample => (sample, sample.ReadRgb()), ImagesAhead))
        {
            context.Stop.ThrowIfCancellationRequested();
            ImageFile.WriteLabels(LabelMapScoring.PathOf(context, sample.Id), SegmentPredictor.Predict(inference, image, test));
            progress.Advance("prediction", ++done, _samples.Count, epoch: 1, epochs: 1, work, images: 1);
        }
    }

    private Protocol Protocol(string split, int images) => new()
    {
        Stage = Domain.Runs.Protocol.Stages.SegmentationNetwork,
        Dataset = context.Dataset.Name,
        Variant = context.Dataset.Variant,
        Fingerprint = DatasetFingerprint.Of(context.Dataset, split),
        Split = split,
        ThresholdSource = Domain.Runs.Protocol.NoThreshold,
        Crf = options.Crf,
        Scales = options.Scales,
        Flip = options.Flip,
        Tags = Domain.Runs.Protocol.TagsUnknown,
        Supervision = RunSupervision.Of(context),
        MeanOver = Domain.Runs.Protocol.OccurringLabels,
        Images = images,
    };
}
