using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Methods.Saliency;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>NSROM's labels for the second segmentation network by Non-Salient Region Masking (gen_masked_label.py).</summary>
public sealed class NsrmRun : IRunMethod
{
    public string Name => NsrmMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        var (splits, labels) = Open(context);
        if (context.IsResume)
            context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        var progress = new ProgressReporter(context.Report, context.Time, splits.Samples.Count);
        splits.Write(labels.Of, progress, "masking", workPerImage: 1, step: 1, epoch: 1);
        splits.Score(step: 1);
    }

    public DryRunReport DryRun(RunContext context)
    {
        var (splits, labels) = Open(context);
        if (splits.Samples.Count == 0)
            throw new DatasetException($"splits: there is no image in {string.Join(", ", context.Options<NsrmOptions>().Splits)}.");
        var start = context.Time.GetTimestamp();
        labels.Of(splits.Samples[0], splits.Samples[0].ReadRgb());
        var seconds = context.Time.GetElapsedTime(start).TotalSeconds;
        return new(seconds, ProcessMemory.Peak(), splits.Samples.Count, splits.Samples.Count * seconds / splits.ImagesAtOnce);
    }

    private static (RefinedSplits Splits, MaskedLabels Labels) Open(RunContext context)
    {
        var options = context.Options<NsrmOptions>();
        var splits = new RefinedSplits(context, options, "NSRM");
        return (splits, new(context, options, splits.Samples));
    }
}

/// <summary>Masked labels of one image after the other. Thread-safe.</summary>
internal sealed class MaskedLabels
{
    private readonly NsrmOptions _options;
    private readonly NonSalientMasking _masking;
    private readonly LabelMapsInput _prediction, _labels;
    private readonly SaliencyInput? _saliency;

    /// <exception cref="InvalidRunException">An input is not given, or lacks images: names run and file.</exception>
    public MaskedLabels(RunContext context, NsrmOptions options, IReadOnlyList<Sample> samples)
    {
        _options = options;
        _masking = new() { Side = options.Side, LeastForeground = options.LeastForeground };
        _prediction = new(context, NsrmMethod.Prediction, samples,
            "Let the segmentation network predict the training images, too (predictTraining).");
        _labels = new(context, NsrmMethod.Labels, samples, "Choose the run whose labels the network was trained on.");
        _saliency = options.UsesSaliency ? new(context, NsrmMethod.Saliency, samples) : null;
    }

    public RefinedImage Of(Sample sample, ImageBuffer image)
    {
        var (prediction, pseudo) = (_prediction.Read(sample, image.Size), _labels.Read(sample, image.Size));
        var saliency = _saliency?.Read(sample, image.Size) ?? new byte[image.Width * image.Height];
        byte[] salient = [.. saliency.Select(level => level >= _options.SalientFrom ? level : (byte)0)];
        var labels = _masking.Of(prediction, pseudo, salient, sample.Tags.Count);
        float[] masked = [.. labels.Labels.Zip(prediction.Labels,
            (now, was) => now == LabelMap.Ignore && was != LabelMap.Ignore ? 1f : 0f)];
        return new(labels) { Overlays = [("left undecided by masking", masked)] };
    }
}
